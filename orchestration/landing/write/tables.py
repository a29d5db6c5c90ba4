"""The tables of a landing while it is under way."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from orchestration.landing.judge.judging import CODE_NAMES, SHARED
from orchestration.landing.map.catalogue import CONCEPTS, REFERENCE, Dataset
from orchestration.landing.map.list_words import code_names
from orchestration.landing.write import records

NUMBER = r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?"
# The standard-coal coefficients by which figures of several fuels are weighed against each other.
TCE_SET = "nbs_balance"


def make_tables(connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset]) -> None:
    """Make the tables of the landing and read the reference tables."""
    connection.execute("set variable reference = ?", [str(REFERENCE)])
    connection.execute("set variable number_pattern = ?", [NUMBER])
    connection.execute("set variable tce_set = ?", [TCE_SET])
    _append_names(connection, datasets)
    connection.execute((SHARED / "reference.sql").read_text(encoding="utf-8"))
    labels = ", ".join(f"{concept}_label varchar" for concept in CONCEPTS)
    codes = ", ".join(f"{name} {'integer' if name == 'year' else 'varchar'}" for name in CODE_NAMES)
    connection.execute(
        f"""
        create schema raw;
        create schema quality;
        create sequence row_ids;
        create temp table files (
            file_number integer, dataset varchar, file_name varchar, load_id varchar,
            root_rank integer, file_sha256 varchar, bytes_read bigint, encoding varchar,
            vintage bigint, source_id varchar, origin varchar, captions varchar,
            caption_lines varchar[], sole_year integer, rows_read bigint, sidecar varchar
        );
        create temp table notes (file_number integer, note varchar, note_zh varchar);
        create temp table units_contradicted (load_id varchar, unit_label varchar);
        create temp table tables (table_id bigint, file_number integer, series_key varchar);
        create temp table cells (
            row_id bigint default nextval('row_ids'), file_number integer, table_id bigint,
            sheet_name varchar, row_number bigint, column_number bigint, column_name varchar,
            value_text varchar, number_text varchar, unit_label varchar, unit varchar,
            to_unit_factor double, value_status varchar, item_code varchar, item_part varchar,
            is_sign_unstated boolean,
            {labels}, {codes}
        );
        create temp table refused (
            file_number integer, sheet_name varchar, row_number bigint, column_number bigint,
            column_name varchar, raw_value varchar, rule varchar, detail varchar,
            detail_zh varchar, table_id bigint, {codes}
        );
        create temp table declared_totals (
            file_number integer, total_number integer, concept varchar, total varchar,
            parts integer, is_total boolean, code varchar, part varchar
        );
        """
    )
    lists = (dataset for dataset in datasets.values() if dataset.kind == "records")
    connection.execute(";".join(["begin", *map(records.table, lists), "commit"]))


def _append_names(connection: duckdb.DuckDBPyConnection, datasets: dict[str, Dataset]) -> None:
    """The names of the codes that lists take their values from, for remedies."""
    lists = {column.code_list for dataset in datasets.values() for column in dataset.columns}
    named = [(each, *pair) for each in sorted(lists - {""}) for pair in code_names(each)]
    columns = zip(("code_list", "code", "name"), zip(*named, strict=True), strict=True)
    names = pa.table(dict(columns))  # noqa: F841, DuckDB finds it by its name
    connection.execute("create temp table code_names as from names")
