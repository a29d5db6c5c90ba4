"""What an analyst types first is right: naive sums, flags, names, the shapes of contract 1."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from orchestration.serving.query import twins_of

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
    "model.park_co2": ("co2_t", "", 162.01),
    "model.enterprise_co2": ("co2_t", "", 162.01),
    "model.park_year": ("co2_t", "", 162.01),
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
    cities = f"model.{table.split('.')[1].replace('province_', 'city_')}"
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


@pytest.mark.parametrize(
    ("energy", "years"),
    [
        ("emissions.province_energy", "indicators.province_year"),
        ("model.city_energy", "model.city_year"),
    ],
)
def test_energy_by_fuel_is_the_energy_of_the_year(
    energy: str, years: str, warehouse: Warehouse
) -> None:
    (rows, apart) = warehouse.execute(
        f"""
        select count(*), max(abs(fuels.energy_tce / years.energy_tce - 1))
        from (
            select region_code, year, sum(energy_tce) as energy_tce
            from {energy} group by region_code, year
        ) as fuels
        join {years} as years using (region_code, year)
        """
    ).fetchone()
    assert rows >= 9 and apart < 1e-9


@pytest.mark.parametrize("level", ["indicators.province", "model.city"])
def test_the_economy_is_that_of_the_year(level: str, warehouse: Warehouse) -> None:
    """Each indicator from the latest edition that has it: none is lost to an edition of another."""
    (rows, wrong) = warehouse.execute(
        f"""
        select count(*), count(*) filter (
            economy.gdp_10k_cny is distinct from years.gdp_10k_cny
            or economy.industrial_value_added_10k_cny
            is distinct from years.industrial_value_added_10k_cny
        )
        from {level}_year as years
        join {level}_economy as economy using (region_code, year)
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
        join v2.city_year_by_method as cities using (region_code)
        """
    ).fetchone()
    (everything, at_a_level) = warehouse.execute(
        """
        select
            (select count(*) from all_levels.region_year),
            (select count(*) from indicators.province_year_by_method)
            + (select count(*) from v2.city_year_by_method)
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
            and schema_name in (
                'reference', 'emissions', 'indicators', 'quality', 'all_levels', 'model'
            )
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
            " where column_name = 'of' and schema_name not in ('raw', 'v1', 'v2')"
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
    count = "select count(*), count(co2_t), count(refusal) from {}.park_latest"
    assert warehouse.execute(count.format("indicators")).fetchone() == (80, 0, 80)
    assert warehouse.execute(count.format("model")).fetchone() == (33, 33, 0)


@pytest.mark.parametrize(
    ("asked", "refusals"),
    [
        ("苏州工业园区", {"not_held"}),
        ("suzhou industrial park", {"not_held"}),
        ("P12", {"only_in_model: model.park_latest"}),
        ("no such park", {"not_listed"}),
    ],
)
def test_a_lookup_of_a_park_never_returns_nothing(
    asked: str, refusals: set[str | None], warehouse: Warehouse
) -> None:
    rows = warehouse.execute("select refusal from indicators.find_park(?)", [asked]).fetchall()
    assert {refusal for (refusal,) in rows} == refusals


@pytest.mark.parametrize(
    ("asked", "refusals"),
    [
        ("320500", {"only_in_model: model.city_year"}),
        ("suzhou", {"only_in_model: model.city_year", "not_held"}),
        ("no such city", {"not_listed"}),
    ],
)
def test_a_lookup_of_a_city_never_returns_nothing(
    asked: str, refusals: set[str | None], warehouse: Warehouse
) -> None:
    rows = warehouse.execute(
        "select refusal, co2_t from indicators.find_city(?)", [asked]
    ).fetchall()
    assert {refusal for refusal, _ in rows} == refusals
    assert {co2_t for _, co2_t in rows} == {None}


# Schema model -----------------------------------------------------------------------------------


def split_tables(warehouse: Warehouse) -> list[tuple[str, str, bool, str]]:
    rows = warehouse.execute(
        "select schema_name, table_name, is_view, split_by from reference.model_tables"
        " where has_twin order by all"
    ).fetchall()
    assert len(rows) > 50
    return rows


def test_no_plain_table_has_a_row_of_a_reconstructed_subject(warehouse: Warehouse) -> None:
    """Asked of the files that landed, not of the table the split goes by."""
    subjects = """
        select distinct park_id as code from raw.park_returns_parks
        join raw.sidecars as files on files.file_name = _file_name where origin = 'reconstructed'
    """
    assert warehouse.execute(f"select count(*) from ({subjects})").fetchone() == (33,)
    with_rows = set()
    for schema, table, _, _ in split_tables(warehouse):
        columns = {
            name for (name, *_) in warehouse.execute(f"describe {schema}.{table}").fetchall()
        }
        for column in columns & {"park_id", "other_park_id", "entity"}:
            code = f"split_part({column}, '/', 1)"
            found = {
                place: warehouse.execute(
                    f"select count(*) from {place}.{table} where {code} in ({subjects})"
                ).fetchone()[0]
                for place in (schema, "model")
            }
            assert found[schema] == 0, table
            if found["model"]:
                with_rows.add(table)
    assert len(with_rows) >= 20


def test_no_plain_table_has_energy_or_co2_of_a_city(warehouse: Warehouse) -> None:
    """No city that ships has a balance of its own; value added is of the model alone."""
    cities = "select region_code from reference.regions where level = 'prefecture'"
    told = set()
    for schema, table, _, _ in split_tables(warehouse):
        columns = {
            name for (name, *_) in warehouse.execute(f"describe {schema}.{table}").fetchall()
        }
        if not {"region_code", "origin"} <= columns or table == "target_status":
            continue
        where = f"region_code in ({cities}) and origin = 'reconstructed'"
        if "park_id" in columns or "city_code" in columns:
            where += " and year <= 2020" if "year" in columns else ""
        rows = warehouse.execute(f"select count(*) from {schema}.{table} where {where}").fetchone()
        assert rows == (0,), table
        if warehouse.execute(f"select count(*) from model.{table} where {where}").fetchone()[0]:
            told.add(table)
    assert len(told) >= 20


def test_both_parts_make_the_whole(warehouse: Warehouse) -> None:
    for schema, table, is_view, split_by in split_tables(warehouse):
        whole = f"v2.{table}" if is_view else f"all_levels.{table}"
        if split_by == "inputs" or (is_view and f"v2.{table}" not in old_contracts()):
            continue
        ((left, right),) = warehouse.execute(
            f"""
            with parts as (from {schema}.{table} union all from model.{table})
            select
                (select count(*) from (from parts except all from {whole})),
                (select count(*) from (from {whole} except all from parts))
            """
        ).fetchall()
        assert (left, right) == (0, 0), table


def test_a_city_has_its_observed_product_and_no_value_added_of_the_model(
    warehouse: Warehouse,
) -> None:
    found = warehouse.execute(
        """
        select count(*), count(gdp_10k_cny), count(industrial_value_added_10k_cny),
            count(*) filter (origin = 'reconstructed')
        from indicators.city_economy where year between 2016 and 2020
        """
    ).fetchone()
    assert found == (65, 65, 0, 0)


@pytest.mark.parametrize(
    ("sql", "twins"),
    [
        ("from indicators.city_year", ["model.city_year"]),
        ("select 1 from emissions.park_co2 where year = 1900", ["model.park_co2"]),
        ("from indicators.province_year where year = 1900", []),
        ("from model.city_year where year = 1900", []),
    ],
)
def test_a_question_that_finds_nothing_is_told_where_the_model_is(
    sql: str, twins: list[str], warehouse: Warehouse
) -> None:
    assert twins_of(warehouse, sql) == twins


# Contracts 1 and 2 ------------------------------------------------------------------------------


def test_contract_2_has_the_rows_of_both_parts(warehouse: Warehouse) -> None:
    found = warehouse.execute(
        """
        select
            (select sum(co2_t) from v2.park_year where year = 2020),
            (select count(*) from v2.park_latest),
            (select count(*) from v2.city_economy where industrial_value_added_10k_cny is not null),
            (select count(*) from v2.parks where is_sample)
        """
    ).fetchone()
    # 61 parks of contract 2 and 52 national ones that the register has named since.
    assert found == (pytest.approx(162.01e6, rel=1e-4), 113, 65, 33)


def old_contracts() -> dict[str, list[str]]:
    columns = defaultdict(list)
    for schema in ("v1", "v2"):
        with (FIXTURES / f"contract_{schema}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                columns[f"{schema}.{row['table_name']}"].append(row["column_name"])
    return columns


@pytest.mark.parametrize("table", sorted(old_contracts()))
def test_an_old_name_has_its_old_columns(table: str, warehouse: Warehouse) -> None:
    found = [row[0] for row in warehouse.execute(f"describe {table}").fetchall()]
    assert set(old_contracts()[table]) - set(found) == set()


def test_every_old_name_is_tested(warehouse: Warehouse) -> None:
    views = warehouse.execute(
        "select schema_name || '.' || view_name from duckdb_views()"
        " where schema_name in ('v1', 'v2')"
    ).fetchall()
    assert {name for (name,) in views} == set(old_contracts())


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
