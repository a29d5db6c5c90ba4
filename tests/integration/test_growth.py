"""Real growth from chained volume indices, and what rests on it, beside what was announced."""

from __future__ import annotations

import csv
import math

import duckdb
import pytest

from orchestration.settings import PROJECT_ROOT

RAW = PROJECT_ROOT / "seeds" / "raw"
YEARS = range(2016, 2023)
PROVINCE = "320000"


def announced() -> dict[int, float]:
    """The rates that were announced, as keyed: figures with their publication in the row."""
    with (RAW / "provincial_bulletins" / "growth.csv").open(encoding="utf-8", newline="") as file:
        return {
            int(row["year"]): float(row["growth_rate"])
            for row in csv.DictReader(file)
            if row["region_code"] == PROVINCE and row["publication"]
        }


def growth(warehouse: duckdb.DuckDBPyConnection, indicator: str) -> dict[int, tuple]:
    rows = warehouse.execute(
        """
        select year, real_growth_rate, refusal, is_of_parts, constant_10k_cny
        from all_levels.region_growth where region_code = ? and indicator = ?
        """,
        [PROVINCE, indicator],
    ).fetchall()
    return {year: rest for year, *rest in rows}


def test_real_growth_of_the_province_is_within_0_3_points_of_the_official_rates(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    official = announced()
    assert list(YEARS) == sorted(official)
    computed = growth(warehouse, "gdp")
    apart = {year: abs(computed[year][0] - official[year]) for year in YEARS}
    assert max(apart.values()) <= 0.003, apart


def test_what_was_announced_proves_nothing_where_it_is_the_index_itself(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        """
        select year, is_independent, is_within, growth_rate_difference, printed_step_rate
        from quality.growth_agreement where region_code = ? order by year
        """,
        [PROVINCE],
    ).fetchall()
    assert [year for year, independent, *_ in rows if independent] == [2018, 2019, 2020, 2021, 2022]
    assert all(within for _, _, within, *_ in rows)
    read_back = [difference for _, independent, _, difference, _ in rows if not independent]
    assert read_back == pytest.approx([0, 0], abs=1e-12)
    # The others differ by more than the rounding of what was announced: they were not copied.
    assert max(abs(d) > step for _, independent, _, d, step in rows if independent)


def test_the_cities_are_weighted_by_their_product_of_the_year_before(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """From the raw file, with nothing of the warehouse but its answer."""
    with (RAW / "city_yearbooks" / "city_gdp_index.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file)][2:]
    product = {(city, int(year)): float(value) for city, year, value, _ in rows}
    index = {(city, int(year)): float(value) / 100 for city, year, _, value in rows}
    cities = {city for city, _ in product}
    assert len(cities) == 13
    computed = growth(warehouse, "gdp")
    for year in range(2018, 2023):
        before = sum(product[city, year - 1] for city in cities)
        grown = sum(product[city, year - 1] * index[city, year] for city in cities)
        assert computed[year][0] == pytest.approx(grown / before - 1, rel=1e-12)
        assert computed[year][2] is True
    assert computed[2016][2] is False and computed[2017][2] is False


def test_constant_prices_are_the_chain_on_the_product_of_the_base_year(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    computed = growth(warehouse, "gdp")
    assert computed[2020][3] == pytest.approx(102718.98e4)
    for year in YEARS:
        assert computed[year][3] / computed[year - 1][3] - 1 == pytest.approx(computed[year][0])


def test_no_rate_leads_from_one_edition_to_the_next(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Industry of the province is printed by an edition a year and has no volume index."""
    computed = growth(warehouse, "industrial_value_added")
    refused = {year: rest[1] for year, rest in computed.items() if rest[0] is None}
    assert refused[2020] == refused[2021] == refused[2022] == "two_editions"
    assert {rest[0] for rest in computed.values()} == {None}
    # Nor can a reader make one: at constant prices stands what compares with the base year.
    assert [year for year, rest in computed.items() if rest[3] is not None] == [2020]
    (nominal,) = warehouse.execute(
        """
        select count(*) from all_levels.region_year
        where region_code = '320000' and industrial_value_added_10k_cny_change_rate is not null
        """
    ).fetchone()
    assert nominal == 0


def test_decoupling_of_2020_is_that_of_real_growth(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        """
        select entity, activity_change_rate, state, refusal from all_levels.decoupling
        where entity in ('320000', '320000/industry') and method = 'ceads'
        and year_from = 2019 and year_to = 2020 order by entity
        """
    ).fetchall()
    (whole, rate, state, refusal), industry = found
    assert (whole, state, refusal) == ("320000", "strong_decoupling", None)
    assert rate == pytest.approx(0.0385, abs=0.0001)
    assert industry == ("320000/industry", None, "undefined", "two_editions")


def test_the_activity_effect_is_that_of_the_chain(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Every category grew as product did; the weights of LMDI-I add up to nearly one."""
    rows = dict(
        warehouse.execute(
            """
            select year_from, value from all_levels.lmdi_effects
            where entity = '320000' and method = 'ceads' and form = 'multiplicative'
            and effect = 'activity' and chaining = 'end_point' and year_to = year_from + 1
            """
        ).fetchall()
    )
    computed = growth(warehouse, "gdp")
    for year in YEARS:
        assert math.log(rows[year - 1]) == pytest.approx(math.log(1 + computed[year][0]), rel=1e-3)


def test_effects_between_two_editions_are_null_and_say_why(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = warehouse.execute(
        """
        select identity, count(*), count(value), count(change), count(refusal)
        from all_levels.lmdi_effects
        where region_code = '320000' and entity_type = 'region' group by all order by all
        """
    ).fetchall()
    by_identity = {name: counts for name, *counts in found}
    for name in ("industry", "sectors"):
        rows, values, changes, refusals = by_identity[name]
        assert rows == refusals > 0 == values == changes
    # Product is one chain; what is refused leads from one grid factor to another.
    rows, values, _, refusals = by_identity["territory"]
    assert values > 0 and rows - values == refusals
    assert warehouse.execute(
        """
        select distinct refusal from all_levels.lmdi_effects
        where region_code = '320000' and identity = 'territory' and value is null
        """
    ).fetchall() == [("two_grid_factors",)]


def test_the_revised_series_stands_beside_the_first_print(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = warehouse.execute(
        """
        select gdp_10k_cny, gdp_revised_10k_cny from all_levels.region_economy
        where region_code = '320100' and year = 2000 and is_latest_vintage
        """
    ).fetchone()
    assert found == pytest.approx((1021.2983e4, 1073.54e4))


def test_every_alert_has_a_sourced_target_and_every_other_row_says_why_not(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        """
        select entity_type, plan_id, alert, reason, provenance, source_id is not null, gap
        from all_levels.early_warnings
        """
    ).fetchall()
    assert rows
    alerts = [row for row in rows if row[2] in ("watch", "warning", "none")]
    assert {(row[4], row[5]) for row in alerts} == {("sourced", True)}
    # Of the shipped targets one is sourced and of the boundary of what is measured.
    assert {row[1] for row in alerts} == {"js_energy_per_gdp_2025"}
    without = [row for row in rows if row[2] == "no_basis"]
    assert {row[6] for row in without} == {None}
    assert {row[3] for row in without} <= {
        "target_not_sourced", "other_boundary", "other_scope", "scope_unstated", "other_base",
        "two_editions", "no_trend",
    }  # fmt: skip
    cities = [row for row in rows if row[1].endswith("_energy_per_va_2025") and row[1][0] == "3"]
    assert len(cities) >= 13 and {row[2] for row in cities} == {"no_basis"}


def test_a_plan_of_a_park_is_compared_with_accounts_of_its_scope_only(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = warehouse.execute(
        """
        select method, reason, count(*) from all_levels.early_warnings
        where entity_type = 'park' group by all order by all
        """
    ).fetchall()
    assert found == [
        ("ceads", "other_scope", 27),
        ("ceads_without_recovered_gas", "other_scope", 27),
        ("ipcc_2006", "other_scope", 27),
        ("provincial_guideline_2011", "other_scope", 27),
        # Plans of made-up parks are made up.
        ("report_2023", "target_not_sourced", 27),
    ]


def test_the_energy_target_of_the_province_is_tracked_at_constant_prices(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        """
        select year, path_value / base_value, actual_value / base_value, refusal, provenance
        from all_levels.target_tracking
        where plan_id = 'js_energy_per_gdp_2025' and method = 'ceads' order by year
        """
    ).fetchall()
    energy = dict(
        warehouse.execute(
            "select year, energy_tce from all_levels.region_year"
            " where region_code = '320000' and method = 'ceads'"
        ).fetchall()
    )
    computed = growth(warehouse, "gdp")
    assert rows[-1][:2] == (2025, pytest.approx(0.86))
    assert {row[3:] for row in rows} == {(None, "sourced")}
    two_years = (1 + computed[2021][0]) * (1 + computed[2022][0])
    assert rows[1][2] == pytest.approx(energy[2022] / energy[2020] / two_years)


def test_the_target_of_industry_above_size_is_not_that_of_all_industry(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = warehouse.execute(
        """
        select distinct provenance, boundary, refusal, actual_value, path_value
        from all_levels.target_tracking where plan_id = 'js_energy_per_va_2025'
        """
    ).fetchall()
    assert found == [("sourced", "above_size_industry", "other_boundary", None, None)]


def test_every_uncertain_input_moves_a_scenario(warehouse: duckdb.DuckDBPyConnection) -> None:
    """An assumed constant that moves nothing is not in the interval."""
    with (PROJECT_ROOT / "seeds/reference/scenarios/scenario_uncertainties.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        inputs = {row["input"] for row in csv.DictReader(file)}
    moving = warehouse.execute(
        "select distinct input from all_levels.scenario_tornado where swing_t > 1"
    ).fetchall()
    assert {name for (name,) in moving} == inputs
    assert {"oil_share_change", "gas_share_change", "assumed_plan", "base_energy"} <= inputs


def test_what_is_hard_to_believe_of_a_scenario_is_marked(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """More gas than the bound in Suzhou: published, and marked."""
    marked = warehouse.execute(
        """
        select region_code, year from all_levels.scenarios
        where is_doubtful and scenario = 'low_carbon' and method = 'report_2023'
        """
    ).fetchall()
    assert ("320500", 2030) in marked
    assert ("320000", 2030) not in marked and ("320500", 2021) not in marked
    potential = warehouse.execute(
        "select is_doubtful from all_levels.scenario_potential"
        " where region_code = '320500' and year = 2030 and method = 'report_2023'"
    ).fetchone()
    assert potential == (True,)
