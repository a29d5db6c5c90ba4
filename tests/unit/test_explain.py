"""What `greenpark explain` says of cells that were refused."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.errors import GreenparkError
from orchestration.serving import explain

TABLES = """
create schema quality;
create table quality.explain as
    select '440000' as region_code, 2020 as year, 'ceads' as method, 'raw_coal' as fuel_code,
        {others};
create table quality.energy_lineage as
    select '440000' as region_code, 2020 as year, 'b.csv' as file_name, '' as sheet_name,
        row_number, column_number, fuel_code
    from (values (3, 2, 'raw_coal'), (9, 5, 'crude_oil')) as t (
        row_number, column_number, fuel_code
    )
    union all
    select '450000', 2020, 'other.csv', '', 9, 5, 'crude_oil';
create table quality.quarantine as
    select file_name, '' as sheet_name, row_number, column_number, '原油' as column_name,
        '195' as raw_value, rule, 'm' as message, 'm' as message_zh
        {codes}
    from (values
        ('b.csv', 7, 5, 'value_jump', '440000', 2020, 'crude_oil'),
        ('b.csv', 8, 2, 'value_jump', '440000', 2020, 'raw_coal'),
        ('b.csv', 7, 5, 'superseded', '440000', 2020, 'crude_oil'),
        ('other.csv', 7, 5, 'value_jump', '450000', 2020, 'crude_oil')
    ) as t (file_name, row_number, column_number, rule, region_code, year, fuel_code);
"""
PLACE = ("input_role", "file_name", "sheet_name", "row_number", "column_number", "column_name")
ASKED = {"region_code": "440000", "year": 2020, "method": "ceads", "fuel_code": "crude_oil"}


@pytest.fixture(params=["", ", region_code, year, fuel_code"], ids=["by its file", "by codes"])
def connection(request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    others = [*explain.BLOCK, *PLACE]
    others = ", ".join(f"null as {name}" for name in others if name != "fuel_code")
    connection.execute(TABLES.replace("{codes}", request.param).replace("{others}", others))
    return connection


def test_refused_cells_of_the_key_are_named(connection: duckdb.DuckDBPyConnection) -> None:
    found = explain.refused(connection, ASKED)
    assert [(row["file_name"], row["row_number"], row["rule"]) for row in found] == [
        ("b.csv", 7, "value_jump")
    ]


def test_nothing_held_says_what_was_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(GreenparkError) as caught:
        explain.select(connection, "en", **ASKED)
    assert "nothing to explain for fuel_code crude_oil" in caught.value.message
    assert "Refused, and so no part of it:" in caught.value.message
    assert "value_jump" in caught.value.message
    with pytest.raises(GreenparkError, match="下列单元格被拒绝"):
        explain.select(connection, "zh", **ASKED)


def test_nothing_refused_is_not_mentioned(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(GreenparkError) as caught:
        explain.select(connection, "en", **(ASKED | {"fuel_code": "coke"}))
    assert "Refused" not in caught.value.message
