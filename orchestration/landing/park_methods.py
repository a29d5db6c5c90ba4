"""The methods of the park account: one folder each, as the accounting methods are.

`seeds/reference/park_methods/<id>/` and `park_methods/<id>/` of a data folder, united by
`orchestration.landing.folders`. They count a park by its returns alone and know no region, so
they are a kind of their own. `park_methods.sql` says what a folder lacks.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.landing import folders
from orchestration.landing.folders import Kind, Table, shown
from orchestration.landing.map.catalogue import REFERENCE

SCHEMA = "park_methods"
CHECKS = Path(__file__).with_name("park_methods.sql")
VALID = {"year_from": "integer", "year_to": "integer"}
PROVED = {"data_year": "integer", "origin": "varchar", "source_id": "varchar"} | {
    "confidence": "varchar",
    "clause_id": "varchar",
    "note": "varchar",
}
TABLES = (
    Table(
        "method.csv",
        "park_method_descriptions",
        {"name_zh": "varchar", "name_en": "varchar", "description_zh": "varchar"}
        | {"description_en": "varchar", "tce_set": "varchar", "own_view": "varchar"}
        | {"claim_scheme": "varchar", "assumed_coal_kind": "varchar"}
        | {"has_application_table": "boolean", "source_id": "varchar"}
        | {"takes_measured_factors": "boolean"},
        is_required=True,
        optional=frozenset({"takes_measured_factors"}),
    ),
    Table(
        "entries.csv",
        "park_method_entries",
        {"entry": "varchar", "is_counted": "boolean", "oxidation_rate": "double"}
        | {"clause_id": "varchar", "note": "varchar"},
        is_required=True,
    ),
    Table(
        "flows.csv",
        "park_method_flows",
        {"entry": "varchar", "flow": "varchar", "weight": "double", "sign": "integer"}
        | {"note": "varchar"},
        is_required=True,
    ),
    Table(
        "fuel_factors.csv",
        "park_method_fuel_factors",
        {"fuel_code": "varchar", "coal_kind": "varchar"}
        | VALID
        | {"unit": "varchar", "ncv_gj_per_unit": "double", "carbon_content_tc_per_gj": "double"}
        | {"oxidation_rate": "double"}
        | PROVED,
        is_required=True,
    ),
    Table(
        "heat_factors.csv",
        "park_method_heat_factors",
        {"supply_kind": "varchar"} | VALID | {"co2_t_per_gj": "double"} | PROVED,
        is_required=True,
    ),
    Table(
        "view_factors.csv",
        "park_method_view_factors",
        {"electricity_view": "varchar", "factor_area": "varchar", "grid_factor_kind": "varchar"}
        | {"factor_year": "integer"}
        | VALID
        | {"clause_id": "varchar", "note": "varchar"},
        is_required=True,
    ),
    Table(
        "process_factors.csv",
        "park_method_process_factors",
        {"entry": "varchar", "process_product": "varchar", "process_route": "varchar"}
        | {"gas": "varchar"}
        | VALID
        | {"gas_t_per_t": "double", "carbon_t_per_t": "double"}
        | PROVED,
        is_required=True,
        optional=frozenset({"carbon_t_per_t"}),
    ),
    Table(
        "core_ratio_bounds.csv",
        "park_method_core_ratio_bounds",
        {"energy_class": "varchar", "class_from_tce": "double", "class_to_tce": "double"}
        | {"bound_co2_t_per_tce": "double", "clause_id": "varchar", "note": "varchar"},
    ),
)
PARK_METHODS = Kind(
    schema=SCHEMA,
    id_column="method",
    shipped=REFERENCE / "park_methods",
    folder="park_methods",
    tables=TABLES,
    files_table="park_method_files",
    word_en="method of the park account",
    word_zh="园区核算方法",
    reserved=frozenset({"published", "none"}),
)


def load(connection: duckdb.DuckDBPyConnection, roots: list[Path]) -> None:
    """Make the united tables of all park methods and check them; the methods must be there.

    Raises GreenparkError that names file and row of all that is wrong, in both languages.
    """
    found = folders.find_folders(PARK_METHODS, roots)
    files = folders.find_files(PARK_METHODS, roots)
    folders.refuse(PARK_METHODS, folders.faults_of_folders(PARK_METHODS, found, files))
    folders.unite(connection, PARK_METHODS, files)
    connection.execute(
        "create temp table park_method_folders as "
        "select unnest($1) as method, unnest($2) as folder",
        [list(found), [shown(folder) for folder in found.values()]],
    )
    folders.refuse(PARK_METHODS, connection.execute(CHECKS.read_text(encoding="utf-8")).fetchall())
