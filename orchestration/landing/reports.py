"""The reports that are reconciled: one folder each, with all that is said of it.

`seeds/report/<id>/` and `report/<id>/` of a data folder. `figures.csv` is what the report prints:
it is landed by its sidecar as any list is. The other files say how the figures are computed and
explained; `orchestration.landing.folders` unites them. A report that names what there is not stops
the landing before anything is read: `reports.sql` says what is wanted.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import yaml

from orchestration.landing import folders, methods
from orchestration.landing.catalogue import REFERENCE
from orchestration.landing.folders import Fault, Kind, Table, shown
from orchestration.settings import PROJECT_ROOT

SCHEMA = "reports"
CHECKS = Path(__file__).with_name("reports.sql")
FOLDER = "report"  # below a data root
FIGURES = "figures.csv"
# No report: what `greenpark report` may be told instead of one.
RESERVED = frozenset({"all"})

EXPLANATION = {"explanation_zh": "varchar", "explanation_en": "varchar"}
TABLES = (
    Table(
        "report.csv",
        "report_descriptions",
        {"region_code": "varchar", "method": "varchar", "base_year": "integer"}
        | {"source_id": "varchar"},
        is_required=True,
    ),
    Table(
        "metrics.csv",
        "report_metrics",
        {"figure_id": "varchar", "indicator_id": "varchar", "entity_code": "varchar"}
        | {"method": "varchar", "operator": "varchar", "input_figure_id": "varchar"},
        is_required=True,
    ),
    Table(
        "explanations.csv",
        "report_explanations",
        {"figure_id": "varchar", "cause": "varchar", "cause_key": "varchar"}
        | {"cause_year": "integer"}
        | EXPLANATION,
    ),
    Table("gaps.csv", "report_gaps", {"figure_prefix": "varchar"} | EXPLANATION),
    Table(
        "identities.csv",
        "report_identities",
        {"figure_id": "varchar", "operator": "varchar", "term": "integer"}
        | {"term_figure_id": "varchar"},
    ),
    Table(
        "lists.csv",
        "report_lists",
        {"list_id": "varchar", "figure_prefix": "varchar", "indicator_prefix": "varchar"}
        | {"listed_indicator_prefix": "varchar", "leaves_out_indicator": "varchar"}
        | {"entity_code": "varchar", "method": "varchar", "year": "integer", "scope": "varchar"}
        | {"label_zh": "varchar", "label_en": "varchar"},
    ),
    Table("tables.csv", "report_tables", {"table_or_figure": "varchar"}),
    Table(
        "quotations.csv",
        "report_quotations",
        {"figure_id": "varchar", "dataset": "varchar", "series_key": "varchar"},
    ),
    Table(
        "industries.csv",
        "report_industries",
        {"industry_code": "varchar", "table_number": "varchar", "note": "varchar"},
    ),
    Table(
        "cases.csv",
        "report_cases",
        {"case_label": "varchar", "park_id": "varchar", "basis": "varchar"},
    ),
)
REPORTS = Kind(
    schema=SCHEMA,
    id_column="report_id",
    shipped=PROJECT_ROOT / "seeds" / FOLDER,
    folder=FOLDER,
    tables=TABLES,
    files_table="report_files",
    word_en="report",
    word_zh="报告",
    reserved=RESERVED,
)


def check(roots: list[Path]) -> None:
    """Raise GreenparkError if a report or a method lacks anything, without a build."""
    with duckdb.connect() as connection:
        methods.load(connection, roots)
        load(connection, roots)


def load(connection: duckdb.DuckDBPyConnection, roots: list[Path]) -> None:
    """Make the united tables of all reports and check them; the methods must be there.

    Raises GreenparkError that names file and row of all that is wrong, in both languages.
    """
    found = folders.find_folders(REPORTS, roots)
    files = folders.find_files(REPORTS, roots)
    faults = folders.faults_of_folders(REPORTS, found, files)
    figures: list[list[str]] = []
    for report_id, folder in found.items():
        ids, wrong = _figure_ids(folder)
        figures += [[report_id, figure_id] for figure_id in ids]
        faults += wrong
    folders.refuse(REPORTS, faults)
    folders.unite(connection, REPORTS, files)
    connection.execute("set variable regions = ?", [str(REFERENCE / "codes/region_codes.csv")])
    connection.execute("create temp table report_figures (report_id varchar, figure_id varchar)")
    if figures:
        connection.executemany("insert into report_figures values (?, ?)", figures)
    folders.refuse(REPORTS, connection.execute(CHECKS.read_text(encoding="utf-8")).fetchall())


def _figure_ids(folder: Path) -> tuple[list[str], list[Fault]]:
    """The ids of the printed figures; or that they are missing, or said to be of another report."""
    figures, sidecar = folder / FIGURES, folder / "figures.yml"
    missing = [path for path in (figures, sidecar) if not path.is_file()]
    if missing:
        return [], [(f"{shown(path)} is missing", f"缺少文件 {shown(path)}") for path in missing]
    said = yaml.safe_load(sidecar.read_text(encoding="utf-8")) or {}
    report_id = (said.get("layout") or {}).get("field_values", {}).get("report_id")
    if report_id != folder.name:
        return [], [
            (
                f"{shown(sidecar)}: layout.field_values.report_id is not {folder.name}, the name "
                "of its folder",
                f"{shown(sidecar)}：layout.field_values.report_id 不是文件夹名 {folder.name}",
            )
        ]
    encoding = said.get("encoding") or "utf-8"
    try:
        with figures.open(encoding=encoding, errors="replace", newline="") as handle:
            rows = csv.DictReader(handle)
            if "figure_id" in (rows.fieldnames or ()):
                return [row["figure_id"] for row in rows], []
    except LookupError:  # no such encoding: the landing says so
        return [], []
    return [], [
        (
            f"{shown(figures)} row 1: there is no column figure_id",
            f"{shown(figures)} 第1行：没有 figure_id 列",
        )
    ]
