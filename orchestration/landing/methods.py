"""The accounting methods: one folder each, with all that a method needs.

`seeds/reference/methods/<id>/` and `methods/<id>/` of a data folder, united by
`orchestration.landing.folders`. A variant of another method (`variant_of` in its `method.csv`)
holds only the files that differ. A method that lacks a row stops the landing before anything is
read: `methods.sql` says what is wanted.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import yaml

from orchestration.landing import folders
from orchestration.landing.folders import Fault, FolderFile, Kind, Table, shown
from orchestration.landing.map.catalogue import REFERENCE
from orchestration.settings import PROJECT_ROOT

SCHEMA = "methods"
CHECKS = Path(__file__).with_name("methods.sql")
REFERENCE_BUFFER = 4_000_000  # bytes; no line is longer
# The method that the published grid factors stand under, and the word for no method.
RESERVED = frozenset({"published", "none"})


def _base_of(folder: Path) -> str | None:
    """The method whose files stand in for those that the folder of a variant lacks."""
    path = folder / "method.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
        return next((row.get("variant_of") or None for row in csv.DictReader(handle)), None)


TABLES = (
    Table(
        "method.csv",
        "method_descriptions",
        dict.fromkeys(
            (
                "name_zh",
                "name_en",
                "description_zh",
                "description_en",
                "industrial_basis",
                "source_id",
                "variant_of",
            ),
            "varchar",
        )
        | {"takes_measured_factors": "boolean"},
        is_required=True,
        optional=frozenset({"variant_of", "takes_measured_factors"}),
    ),
    Table(
        "fuels.csv",
        "method_fuels",
        {"fuel_code": "varchar", "is_counted": "boolean", "is_coal": "boolean"}
        | {"reason": "varchar"},
        is_required=True,
    ),
    Table(
        "counting_rules.csv",
        "method_counting_rules",
        {"account": "varchar", "balance_item": "varchar", "fuel_code": "varchar"}
        | {"take": "varchar", "weight": "integer", "scope": "varchar"}
        | {"allocation_group": "varchar", "note": "varchar"},
        is_required=True,
    ),
    Table(
        "park_counting_rules.csv",
        "method_park_counting_rules",
        {"flow": "varchar", "fuel_code": "varchar", "scope": "varchar", "weight": "double"}
        | {"is_from_outside": "boolean", "note": "varchar"},
    ),
    Table(
        "co2_factors.csv",
        "method_co2_factors",
        {"fuel_code": "varchar", "industry_code": "varchar", "year_from": "integer"}
        | {"year_to": "integer", "unit": "varchar", "ncv_gj_per_unit": "double"}
        | {"carbon_content_tc_per_gj": "double", "oxidation_rate": "double"}
        | {"co2_t_per_unit": "double", "origin": "varchar", "source_id": "varchar"}
        | {"confidence": "varchar", "note": "varchar"},
        is_required=True,
    ),
    Table(
        "grid_rules.csv",
        "method_grid_rules",
        {"grid_basis": "varchar", "factor_year": "integer", "year_from": "integer"}
        | {"year_to": "integer", "note": "varchar"},
    ),
    Table(
        "ch4_n2o_factors.csv",
        "method_ch4_n2o_factors",
        {"fuel_code": "varchar", "sector_class": "varchar", "ch4_kg_per_gj": "double"}
        | {"n2o_kg_per_gj": "double", "origin": "varchar", "confidence": "varchar"}
        | {"source_id": "varchar"},
        optional=frozenset({"confidence"}),
    ),
)
METHODS = Kind(
    schema=SCHEMA,
    id_column="method",
    shipped=REFERENCE / "methods",
    folder="methods",
    tables=TABLES,
    files_table="method_files",
    word_en="method",
    word_zh="方法",
    reserved=RESERVED,
    base_of=_base_of,
)


def find_folders(roots: list[Path]) -> dict[str, Path]:
    """The folder of each method, by id: the shipped ones and those of the data folders."""
    return folders.find_folders(METHODS, roots)


def load(connection: duckdb.DuckDBPyConnection, roots: list[Path]) -> None:
    """Make the united tables of all methods and check them.

    Raises GreenparkError that names file and row of all that is wrong, in both languages.
    """
    found, files = find_folders(roots), folders.find_files(METHODS, roots)
    folders.refuse(METHODS, _faults_of_variants(found, files))
    folders.unite(connection, METHODS, files)
    connection.execute("set variable reference = ?", [str(REFERENCE)])
    # One statement reads many small files: each gets a small buffer, not one of 32 MB.
    connection.execute(
        "create or replace temp macro reference_rows(file) as table "
        "from read_csv(getvariable('reference') || '/' || file, all_varchar = true, "
        f"buffer_size = {REFERENCE_BUFFER})"
    )
    connection.execute("set variable reference_name = ?", [shown(REFERENCE)])
    connection.execute("set variable tce_set_in_force = ?", [_tce_set()])
    connection.execute(
        "create temp table method_folders as select unnest($1) as method, unnest($2) as folder",
        [list(found), [shown(folder) for folder in found.values()]],
    )
    folders.refuse(METHODS, connection.execute(CHECKS.read_text(encoding="utf-8")).fetchall())


def _tce_set() -> str:
    """The set of standard-coal coefficients the models use."""
    project = PROJECT_ROOT / "dbt_project" / "dbt_project.yml"
    return yaml.safe_load(project.read_text(encoding="utf-8"))["vars"]["tce_set"]


def _faults_of_variants(found: dict[str, Path], files: list[FolderFile]) -> list[Fault]:
    """Variants of no method, and what is wrong with the folder of any kind."""
    faults: list[Fault] = []
    for folder in found.values():
        base = _base_of(folder)
        if base and (base not in found or _base_of(found[base])):
            faults.append(
                (
                    f"{shown(folder)}/method.csv: variant_of {base} is no method, or a variant "
                    "itself",
                    f"{shown(folder)}/method.csv：variant_of 的 {base} 不是方法，或本身即为变体",
                )
            )
    return faults + folders.faults_of_folders(METHODS, found, files)
