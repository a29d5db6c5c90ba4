"""What an analyst types first is right: naive sums, flags, names, the shapes of contract 1."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
MT = 1e6
# Sums of 2020 that an audit found wrong in contract 1, in Mt: the right one, on the plain tables.
NAIVE_SUMS = {
    "emissions.province_co2_by_method": ("co2_t", "and method = 'ceads'", 729.67),
    "emissions.province_co2": ("co2_t", "", 906.19),
    "indicators.province_year": ("co2_t", "", 906.19),
    "emissions.province_industry_co2_by_method": ("scope1_co2_t", "and method = 'ceads'", 729.67),
    "emissions.province_production_and_use_co2": ("production_co2_t", "", 799.85),
    "emissions.province_above_size_co2": ("above_size_co2_t", "", 583.29),
    "emissions.province_energy": ("energy_tce", "", 292.20),
    "emissions.park_co2": ("co2_t", "", 162.01),
    "emissions.enterprise_co2": ("co2_t", "", 162.01),
    "indicators.park_year": ("co2_t", "", 162.01),
}
Warehouse = duckdb.DuckDBPyConnection


@pytest.mark.parametrize("table", NAIVE_SUMS)
def test_the_sum_that_is_typed_first_is_right(table: str, warehouse: Warehouse) -> None:
    column, condition, expected = NAIVE_SUMS[table]
    (total,) = warehouse.execute(
        f"select sum({column}) from {table} where year = 2020 {condition}"
    ).fetchone()
    assert total / MT == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("table", [table for table in NAIVE_SUMS if ".province_" in table])
def test_cities_add_up_to_about_their_province(table: str, warehouse: Warehouse) -> None:
    """Once: a sum of cities is neither doubled by the province nor by a method or a view."""
    column, condition, expected = NAIVE_SUMS[table]
    cities = table.replace("province_", "city_")
    (total,) = warehouse.execute(
        f"select sum({column}) from {cities} where year = 2020 {condition}"
    ).fetchone()
    assert total / MT == pytest.approx(expected, rel=0.02)


def test_both_views_of_production_and_use_are_one_total(warehouse: Warehouse) -> None:
    (rows, apart) = warehouse.execute(
        """
        select count(*), max(abs(production / use - 1)) from (
            select sum(production_co2_t) as production, sum(use_co2_t) as use
            from emissions.province_production_and_use_co2 group by region_code, year
        )
        """
    ).fetchone()
    assert rows >= 7 and apart < 1e-9


@pytest.mark.parametrize("level", ["province", "city"])
def test_energy_by_fuel_is_the_energy_of_the_year(level: str, warehouse: Warehouse) -> None:
    (rows, apart) = warehouse.execute(
        f"""
        select count(*), max(abs(fuels.energy_tce / years.energy_tce - 1))
        from (
            select region_code, year, sum(energy_tce) as energy_tce
            from emissions.{level}_energy group by region_code, year
        ) as fuels
        join indicators.{level}_year as years using (region_code, year)
        """
    ).fetchone()
    assert rows >= 9 and apart < 1e-9


@pytest.mark.parametrize("level", ["province", "city"])
def test_the_economy_is_that_of_the_year(level: str, warehouse: Warehouse) -> None:
    """Each indicator from the latest edition that has it: none is lost to an edition of another."""
    (rows, wrong) = warehouse.execute(
        f"""
        select count(*), count(*) filter (
            economy.gdp_10k_cny is distinct from years.gdp_10k_cny
            or economy.industrial_value_added_10k_cny
            is distinct from years.industrial_value_added_10k_cny
        )
        from indicators.{level}_year as years
        join indicators.{level}_economy as economy using (region_code, year)
        where years.gdp_10k_cny is not null
        """
    ).fetchone()
    assert rows >= 8 and wrong == 0


def test_no_city_loses_its_product_to_an_edition(warehouse: Warehouse) -> None:
    found = warehouse.execute(
        """
        select count(*), count(gdp_10k_cny) from indicators.city_economy
        where year between 2016 and 2020
        """
    ).fetchone()
    assert found == (65, 65)


def test_a_region_stands_in_the_tables_of_one_level(warehouse: Warehouse) -> None:
    (both,) = warehouse.execute(
        """
        select count(*) from indicators.province_year_by_method as provinces
        join indicators.city_year_by_method as cities using (region_code)
        """
    ).fetchone()
    (everything, at_a_level) = warehouse.execute(
        """
        select
            (select count(*) from all_levels.region_year),
            (select count(*) from indicators.province_year_by_method)
            + (select count(*) from indicators.city_year_by_method)
        """
    ).fetchone()
    assert (both, everything) == (0, at_a_level)


def test_a_filter_on_another_method_is_an_error_and_no_empty_answer(warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.BinderException, match='"method" not found'):
        warehouse.execute("select co2_t from indicators.province_year where method = 'ceads'")


def test_no_flag_is_null(warehouse: Warehouse) -> None:
    flags = warehouse.execute(
        """
        select schema_name, table_name, column_name from duckdb_columns()
        where data_type = 'BOOLEAN'
            and schema_name in ('reference', 'emissions', 'indicators', 'quality', 'all_levels')
        """
    ).fetchall()
    assert len(flags) > 40
    assert [
        (schema, table, column)
        for schema, table, column in flags
        if warehouse.execute(
            f"select count(*) from {schema}.{table} where {column} is null"
        ).fetchone()
        != (0,)
    ] == []


def test_no_column_is_named_of(warehouse: Warehouse) -> None:
    """The keyword that ends a sentence half way: `select of from ...`."""
    assert (
        warehouse.execute(
            "select schema_name, table_name from duckdb_columns()"
            " where column_name = 'of' and schema_name not in ('raw', 'v1')"
        ).fetchall()
        == []
    )


def test_no_view_names_the_catalogue(warehouse: Warehouse) -> None:
    """Such a view could not be read where the file is attached under another name."""
    assert (
        warehouse.execute(
            "select schema_name, view_name from duckdb_views()"
            " where not internal and contains(sql, 'greenpark.')"
        ).fetchall()
        == []
    )


# A lookup answers -------------------------------------------------------------------------------


def test_a_park_of_the_list_without_data_says_so(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        "select count(*), count(co2_t), count(refusal) from indicators.park_latest"
    ).fetchone()
    assert rows == (113, 33, 80)


@pytest.mark.parametrize(
    ("asked", "refusals"),
    [
        ("苏州工业园区", {"not_held"}),
        ("suzhou industrial park", {"not_held"}),
        ("P12", {None}),
        ("no such park", {"not_listed"}),
    ],
)
def test_a_lookup_of_a_park_never_returns_nothing(
    asked: str, refusals: set[str | None], warehouse: Warehouse
) -> None:
    rows = warehouse.execute("select refusal from indicators.find_park(?)", [asked]).fetchall()
    assert {refusal for (refusal,) in rows} == refusals


# Contract 1 -------------------------------------------------------------------------------------


def contract_1() -> dict[str, list[str]]:
    columns = defaultdict(list)
    with (FIXTURES / "contract_v1.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            columns[row["table_name"]].append(row["column_name"])
    return columns


@pytest.mark.parametrize("table", sorted(contract_1()))
def test_an_old_name_has_its_old_columns(table: str, warehouse: Warehouse) -> None:
    found = [row[0] for row in warehouse.execute(f"describe v1.{table}").fetchall()]
    assert set(contract_1()[table]) - set(found) == set()


def test_every_old_name_is_tested(warehouse: Warehouse) -> None:
    views = warehouse.execute(
        "select view_name from duckdb_views() where schema_name = 'v1'"
    ).fetchall()
    assert {name for (name,) in views} == set(contract_1())


def test_an_old_name_gives_its_old_numbers(warehouse: Warehouse) -> None:
    """Also the wrong sums: the shape is what is kept."""
    found = warehouse.execute(
        """
        select
            (select sum(co2_t) from v1.region_co2 where year = 2020 and method = 'ceads'),
            (select sum(co2_t) from v1.park_year where year = 2020 and method = 'report_2023'),
            (
                select co2_t_per_10k_cny from v1.region_year
                where region_code = '320000' and year = 2020 and method = 'ceads'
            ),
            (select count(*) from v1.parks where is_sample is null),
            (select count(*) from v1.park_measures where adopted is null),
            (select count(*) from v1.city_key_industries where is_key is null)
        """
    ).fetchone()
    assert found[:3] == pytest.approx((1457.02e6, 162.01e6, 0.71035), rel=1e-4)
    assert found[3:] == (80, 3952, 360)
