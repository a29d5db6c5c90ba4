"""Whose rows schema `model` has, where some subjects have data of their own."""

from __future__ import annotations

import duckdb
import pytest
from as_built import as_built, part_anew

from orchestration.publishing.model_schema import SplitTable, read_tables
from orchestration.settings import Home

PARK, CITY = "P12", "320500"
# Returned by the park, printed of the city: their data are observed, factors stay what they are.
OBSERVED = (
    f"update quality.subject_origins set origin = 'observed' where subject_code = '{PARK}'",
    f"update quality.subject_origins set origin = 'observed' where subject_code = '{CITY}'",
    f"update reference.parks set origin = 'observed' where park_id = '{PARK}'",
    f"update indicators.park_measures set origin = 'observed' where park_id = '{PARK}'",
    f"update indicators.park_peak_plans set origin = 'observed' where park_id = '{PARK}'",
)


@pytest.fixture(scope="module")
def parted(
    published_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    """The shipped warehouse, parted anew as if one park and one city had data of their own."""
    path = as_built(published_home.database, tmp_path_factory.mktemp("parted") / "greenpark.duckdb")
    with duckdb.connect(str(path)) as connection:
        for statement in OBSERVED:
            connection.execute(statement)
        part_anew(connection)
        yield connection


def tables_with(connection: duckdb.DuckDBPyConnection, column: str) -> list[SplitTable]:
    found = connection.execute(
        "select table_name from duckdb_columns() where schema_name = 'model' and column_name = $1",
        [column],
    ).fetchall()
    names = {name for (name,) in found}
    return [
        table for table in read_tables(connection) if table.has_twin and table.table_name in names
    ]


def places(
    connection: duckdb.DuckDBPyConnection, table: SplitTable, column: str, code: str
) -> tuple[int, int]:
    """How many rows of a subject are in the plain table, and how many in the model."""
    return tuple(
        connection.execute(
            f"select count(*) from {schema}.{table.table_name} where {column} = '{code}'"
        ).fetchone()[0]
        for schema in (table.schema_name, "model")
    )


def test_a_park_with_data_of_its_own_is_in_the_plain_tables(
    parted: duckdb.DuckDBPyConnection,
) -> None:
    told = 0
    for table in tables_with(parted, "park_id"):
        # Compared with a park or the industries of a city that the model made.
        if "|" in table.subject_columns:
            continue
        plain, model = places(parted, table, "park_id", PARK)
        assert model == 0, table.plain
        told += plain > 0
        assert places(parted, table, "park_id", "P11")[0] == 0, table.plain
    assert told >= 15


def test_a_city_with_data_of_its_own_is_in_the_plain_tables(
    parted: duckdb.DuckDBPyConnection,
) -> None:
    told = others = 0
    for table in tables_with(parted, "region_code"):
        if table.subject_columns != "region_code" or table.sums_up:
            continue
        plain, model = places(parted, table, "region_code", CITY)
        assert model == 0, table.plain
        told += plain > 0
        others += places(parted, table, "region_code", "320100")[1] > 0
    assert told >= 15 and others >= 15


def test_a_sum_over_parks_is_of_the_model_while_one_of_them_is(
    parted: duckdb.DuckDBPyConnection,
) -> None:
    for name in ("park_representativeness", "park_peak_plan_counts", "park_type_agreement"):
        assert parted.execute(f"select count(*) from indicators.{name}").fetchone() == (0,)
        assert parted.execute(f"select count(*) from model.{name}").fetchone()[0] > 0


def test_a_row_over_years_is_of_the_model_if_one_year_is(parted: duckdb.DuckDBPyConnection) -> None:
    """One year of the park is reconstructed again: its own years stay, what spans it goes."""
    parted.execute(
        "update quality.subject_origins set origin = 'reconstructed'"
        f" where subject_code = '{PARK}' and year = 2018"
    )
    found = parted.execute(
        f"""
        select
            (select list(distinct year order by year) from indicators.park_year
            where park_id = '{PARK}'),
            (select list(distinct year order by year) from model.park_year
            where park_id = '{PARK}'),
            (select count(*) from indicators.park_coal_change where park_id = '{PARK}'),
            (select count(*) from indicators.decoupling
            where park_id = '{PARK}' and year_from > 2018)
        """
    ).fetchone()
    assert found[:3] == ([2016, 2017, 2019, 2020], [2018], 0)
    assert found[3] > 0
