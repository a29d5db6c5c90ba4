"""The reports that are reconciled: one folder each, with all that is said of it.

`seeds/report/<id>/` and `report/<id>/` of a data folder. `figures.csv` is what the report prints:
it is landed by its sidecar as any list is. The other files say how the figures are computed and
explained; `orchestration.landing.folders` unites them. A report that names what there is not stops
the landing before anything is read: `reports.sql` says what is wanted.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from orchestration.landing import folders
from orchestration.landing.folders import Fault, Kind, Table, shown
from orchestration.landing.map.catalogue import REFERENCE
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
        | {"entity_code": "varchar", "method": "varchar", "year": "integer", "reach": "varchar"}
        | {"label_zh": "varchar", "label_en": "varchar"},
    ),
    Table(
        "tables.csv",
        "report_tables",
        {"table_or_figure": "varchar", "has_figures": "boolean", "site_query": "varchar"},
        optional=frozenset({"has_figures", "site_query"}),
    ),
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
        "words.csv",
        "report_words",
        {"code_list": "varchar", "words": "varchar"}
        | {"label_zh": "varchar", "label_en": "varchar"},
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


def load(connection: duckdb.DuckDBPyConnection, roots: list[Path]) -> None:
    """Make the united tables of all reports and check them; the methods must be there.

    Raises GreenparkError that names file and row of all that is wrong, in both languages.
    """
    found = folders.find_folders(REPORTS, roots)
    files = folders.find_files(REPORTS, roots)
    faults = folders.faults_of_folders(REPORTS, found, files)
    printed = {report_id: _read_figures(folder) for report_id, folder in found.items()}
    faults += [fault for figures in printed.values() for fault in figures.faults]
    folders.refuse(REPORTS, faults)
    folders.unite(connection, REPORTS, files)
    connection.execute("set variable regions = ?", [str(REFERENCE / "codes/region_codes.csv")])
    connection.execute(
        "create temp table report_figures as "
        "select unnest($1) as report_id, unnest($2) as source_id, unnest($3) as figure_id",
        [
            [report_id for report_id, figures in printed.items() for _ in figures.ids],
            [figures.source_id for figures in printed.values() for _ in figures.ids],
            [figure_id for figures in printed.values() for figure_id in figures.ids],
        ],
    )
    folders.refuse(REPORTS, connection.execute(CHECKS.read_text(encoding="utf-8")).fetchall())


@dataclass(frozen=True)
class _Figures:
    """What figures.csv and its sidecar say of a report, as far as the other files name it."""

    source_id: str = ""
    ids: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def _read_figures(folder: Path) -> _Figures:
    """The printed figures; or that they are missing, or said to be of another report."""
    figures, sidecar = folder / FIGURES, folder / "figures.yml"
    missing = [path for path in (figures, sidecar) if not path.is_file()]
    if missing:
        told = [(f"{shown(path)} is missing", f"缺少文件 {shown(path)}") for path in missing]
        return _Figures(faults=tuple(told))
    said = yaml.safe_load(sidecar.read_text(encoding="utf-8")) or {}
    report_id = (said.get("layout") or {}).get("field_values", {}).get("report_id")
    if report_id != folder.name:
        told = [
            (
                f"{shown(sidecar)}: layout.field_values.report_id is not {folder.name}, the "
                "name of its folder",
                f"{shown(sidecar)}：layout.field_values.report_id 不是文件夹名 {folder.name}",
            )
        ]
        return _Figures(faults=tuple(told))
    try:
        handle = figures.open(
            encoding=said.get("encoding") or "utf-8", errors="replace", newline=""
        )
    except LookupError:  # no such encoding: the landing says so
        return _Figures()
    with handle:
        rows = csv.DictReader(handle)
        if "figure_id" in (rows.fieldnames or ()):
            ids = tuple(row["figure_id"] for row in rows)
            return _Figures(str(said.get("source_id")), ids)
    told = [
        (
            f"{shown(figures)} row 1: there is no column figure_id",
            f"{shown(figures)} 第1行：没有 figure_id 列",
        )
    ]
    return _Figures(faults=tuple(told))
