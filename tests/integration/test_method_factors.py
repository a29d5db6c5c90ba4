"""What each method says it counts, on the marts: grid factors by year, gas, energy, factors."""

from __future__ import annotations

import csv

import duckdb
import pytest

from orchestration.settings import PROJECT_ROOT

Warehouse = duckdb.DuckDBPyConnection
REFERENCE = PROJECT_ROOT / "seeds" / "reference"
PROVINCE = "320000"
VARIANT = "ceads_without_recovered_gas"
EXACT = 1e-9

# The total of version 0.2.0, t: what the report prints of 2016-2020 rests on it.
BEFORE = {
    2016: 878170721.311437,
    2017: 885108098.2981029,
    2018: 899677049.5026757,
    2019: 926408984.4925942,
    2020: 906186174.4497594,
}
EAST_CHINA = {2012: 0.7035, 2021: 0.5992, 2022: 0.5617}


def _totals(warehouse: Warehouse, method: str) -> dict[int, float]:
    return dict(
        warehouse.execute(
            "select year, co2_t from all_levels.region_year "
            "where region_code = ? and method = ? and co2_t is not null",
            [PROVINCE, method],
        ).fetchall()
    )


def test_the_years_of_the_report_have_not_moved(warehouse: Warehouse) -> None:
    totals = _totals(warehouse, "report_2023")
    for year, before in BEFORE.items():
        assert totals[year] == pytest.approx(before, rel=1e-12)


def test_2021_and_2022_take_the_official_factor_of_the_year(warehouse: Warehouse) -> None:
    """By hand: the electricity of the balance row times the factor, and all else as it was."""
    totals = _totals(warehouse, "report_2023")
    assert totals[2022] / 1e9 == pytest.approx(0.98, abs=0.005)
    for year in (2020, 2021, 2022):
        ((electricity_mwh,),) = warehouse.execute(
            "select quantity from all_levels.region_energy where region_code = ? and year = ? "
            "and balance_item = 'total_consumption' and fuel_code = 'electricity' "
            "and is_latest_vintage",
            [PROVINCE, year],
        ).fetchall()
        ((fuels_t,),) = warehouse.execute(
            "select sum(co2_t) from all_levels.region_co2 where region_code = ? and year = ? "
            "and method = 'report_2023' and scope = '1'",
            [PROVINCE, year],
        ).fetchall()
        factor = EAST_CHINA[year if year > 2020 else 2012]
        assert totals[year] == pytest.approx(fuels_t + electricity_mwh * factor, rel=EXACT)


def test_no_rate_leads_from_one_grid_factor_to_another(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        """
        select year, grid_factor_year, has_series_break, co2_change_refusal,
            co2_t_change_rate is null, coal_t_change_rate is null
        from all_levels.region_year
        where region_code = ? and method = 'report_2023' and year between 2019 and 2022
        order by year
        """,
        [PROVINCE],
    ).fetchall()
    assert rows == [
        (2019, 2012, False, None, False, False),
        (2020, 2012, False, None, False, False),
        (2021, 2021, True, "two_grid_factors", True, False),
        (2022, 2022, True, "two_grid_factors", True, False),
    ]
    for table, value in (("lmdi_effects", "value"), ("decoupling", "elasticity")):
        refused, given = warehouse.execute(
            f"""
            select
                count(*) filter (year_to > 2020 and refusal = 'two_grid_factors'
                    and {value} is null),
                count(*) filter (year_to > 2020 and {value} is not null)
            from indicators.{table}
            where entity = ? and method = 'report_2023'
            """,
            [PROVINCE],
        ).fetchone()
        assert refused > 0
        assert given == 0
    # A method without scope 2 has no break: its total has no electricity.
    assert warehouse.execute(
        "select bool_or(has_series_break), max(grid_factor_year) from all_levels.region_year "
        "where method = 'ceads'"
    ).fetchone() == (False, None)


def test_what_industries_buy_has_the_same_factors_in_every_method(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        """
        select method, year, min(co2_t / quantity), max(co2_t / quantity)
        from all_levels.industry_co2
        where region_code = ? and fuel_code = 'electricity' and quantity > 0
            and year in (2020, 2021, 2022)
        group by all
        """,
        [PROVINCE],
    ).fetchall()
    assert len(rows) == 5 * 3
    for _, year, lowest, highest in rows:
        factor = EAST_CHINA[year if year > 2020 else 2012]
        assert lowest == pytest.approx(factor, rel=EXACT)
        assert highest == pytest.approx(factor, rel=EXACT)


def test_the_variant_of_ceads_leaves_out_the_recovered_gas_alone(warehouse: Warehouse) -> None:
    with_gas, without = _totals(warehouse, "ceads"), _totals(warehouse, VARIANT)
    gas = dict(
        warehouse.execute(
            "select year, sum(co2_t) from all_levels.region_co2 where region_code = ? "
            "and method = 'ceads' and fuel_code = 'other_gas' group by year",
            [PROVINCE],
        ).fetchall()
    )
    assert with_gas.keys() == without.keys() == gas.keys()
    for year, total in without.items():
        assert total == pytest.approx(with_gas[year] - gas[year], rel=EXACT)
    rise = with_gas[2020] - with_gas[2016]
    assert (gas[2020] - gas[2016]) / rise == pytest.approx(0.82, abs=0.005)
    ((chinese, english),) = warehouse.execute(
        "select description_zh, description_en from reference.methods where method = ?", [VARIANT]
    ).fetchall()
    assert "高炉煤气" in chinese
    assert "blast-furnace" in english


def test_energy_of_industry_is_one_number_and_part_of_the_region(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        """
        with said as (
            select region_code, year, industrial_energy_tce as energy_tce, energy_convention
            from all_levels.kaya_factors
            union all
            select region_code, year, industrial_energy_tce, energy_convention
            from all_levels.region_industry_year
            union all
            select region_code, year, industrial_energy_tce, 'calorific' from all_levels.scenarios
            where year = base_year
        )
        select region_code, year, min(said.energy_tce), max(said.energy_tce),
            min(whole.energy_tce), max(whole.energy_tce),
            bool_and(said.energy_convention = 'calorific')
        from said join all_levels.region_year as whole using (region_code, year)
        group by all
        """
    ).fetchall()
    assert len(rows) > 70
    for _, _, lowest, highest, whole_lowest, whole, is_calorific in rows:
        assert lowest == pytest.approx(highest, rel=EXACT)
        assert whole_lowest == whole
        assert 0 < highest <= whole
        assert is_calorific


def test_constant_factors_have_no_effect_and_the_mix_of_fuels_has(warehouse: Warehouse) -> None:
    """All factors of all methods are constant until 2020; under `ceads` the mix moved 14 Mt."""
    largest = warehouse.execute(
        """
        select max(abs(value)) filter (form = 'additive'),
            max(abs(value - 1)) filter (form = 'multiplicative'), count(value)
        from all_levels.lmdi_effects where effect = 'emission_factor'
        """
    ).fetchone()
    assert largest[:2] == (0, 0)
    assert largest[2] > 1000
    ((mix,),) = warehouse.execute(
        """
        select value / 1e6 from all_levels.lmdi_effects
        where entity = ? and method = 'ceads' and form = 'additive' and effect = 'fuel_mix'
            and chaining = 'end_point' and year_from = 2016 and year_to = 2020
        """,
        [PROVINCE],
    ).fetchall()
    assert mix == pytest.approx(-13.97, abs=0.01)


def test_the_notice_of_2023_is_held_whole(warehouse: Warehouse) -> None:
    """30 provinces, 7 grids, and three figures of the country, as those of 2021 and 2022."""
    assert warehouse.execute(
        """
        select
            count(*) filter (year = 2023),
            count(*) filter (year = 2023 and kind = 'average' and grid_name like '%0000'
                and grid_name <> '100000'),
            count(*) filter (year = 2023 and grid_name like '%china')
        from reference.grid_emission_factors where method = 'published'
        """
    ).fetchone() == (40, 30, 7)
    country = warehouse.execute(
        "select year, kind, co2_t_per_mwh, origin from reference.grid_emission_factors "
        "where method = 'published' and grid_name = '100000' order by year, kind"
    ).fetchall()
    assert country == [
        (2021, "average", 0.5568, "observed"),
        (2021, "fossil", 0.8426, "observed"),
        (2021, "residual", 0.5942, "observed"),
        (2022, "average", 0.5366, "observed"),
        (2022, "fossil", 0.8325, "observed"),
        (2022, "residual", 0.5856, "observed"),
        (2023, "average", 0.5306, "observed"),
        (2023, "fossil", 0.8273, "observed"),
        (2023, "residual", 0.6096, "observed"),
    ]
    assert warehouse.execute(
        "select distinct kind from reference.grid_emission_factors where method <> 'published'"
    ).fetchall() == [("average",)]


def test_a_region_lies_in_the_grid_of_the_year(warehouse: Warehouse) -> None:
    rows = warehouse.execute(
        """
        select regions.region_code, years.year, factors.co2_t_per_mwh
        from (values ('510000'), ('500000'), ('510100'), ('410000')) as regions (region_code)
        cross join (values (2020), (2021), (2025)) as years (year)
        join reference.region_grids as grids using (region_code)
        join reference.grid_emission_factors as factors
            on factors.grid_name = grids.grid_name
            and factors.year between grids.year_from and grids.year_to
            and years.year between factors.year_from and factors.year_to
        where factors.method = 'report_2023'
        """
    ).fetchall()
    found = {(region, year): factor for region, year, factor in rows}
    assert len(rows) == len(found) == 12
    for region in ("510000", "500000", "510100"):
        assert [found[region, year] for year in (2020, 2021, 2025)] == [0.5257, 0.2113, 0.2472]
    assert [found["410000", year] for year in (2020, 2021, 2025)] == [0.5257, 0.5354, 0.5271]


def test_ch4_and_n2o_follow_who_burns_a_fuel(warehouse: Warehouse) -> None:
    """Coal of homes by IPCC 2006 table 2.5, diesel of transport by table 3.2.2."""
    gases = {
        (industry, fuel): (ch4, n2o)
        for industry, fuel, ch4, n2o in warehouse.execute(
            "select industry_code, fuel_code, ch4_kg_per_gj, n2o_kg_per_gj "
            "from reference.emission_factors where method = 'ipcc_2006'"
        ).fetchall()
    }
    assert gases["RES_R", "raw_coal"] == (0.3, 0.0015)
    assert gases["44", "raw_coal"] == (0.001, 0.0015)
    assert gases[None, "raw_coal"] == (0.01, 0.0015)
    assert gases["G", "diesel"] == (0.0039, 0.0039)
    assert gases["G", "gasoline"] == (0.0038, 0.0057)
    assert gases["A", "diesel"] == (0.00415, 0.0286)
    ((tonnes, heat_gj, ch4_and_n2o_t),) = warehouse.execute(
        """
        select sum(co2.quantity), sum(co2.quantity * coefficients.tce_per_unit * 29.307),
            sum(co2.co2e_t - co2.co2_t)
        from all_levels.region_co2 as co2
        join reference.tce_coefficients as coefficients
            on co2.fuel_code = coefficients.fuel_code and coefficients.tce_set = 'nbs_balance'
        where co2.region_code = ? and co2.year = 2014 and co2.method = 'ipcc_2006'
            and co2.fuel_code = 'raw_coal' and co2.industry_code in ('RES_U', 'RES_R')
        """,
        [PROVINCE],
    ).fetchall()
    assert tonnes > 0
    assert ch4_and_n2o_t == pytest.approx(heat_gj * (0.3 * 28 + 0.0015 * 265) / 1000, rel=EXACT)


def test_every_burnt_fuel_has_gases_of_every_class() -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with (REFERENCE / name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    classes = {row["sector_class"] for row in rows("codes/industry_codes.csv")}
    gases = rows("factors/ch4_n2o_factors.csv")
    assert len(classes) == 6
    assert {row["sector_class"] for row in gases} == classes
    assert len(gases) == len({row["fuel_code"] for row in gases}) * len(classes)
    assert {row["source_id"] for row in gases} == {"ipcc_2006"}
    assert all(row["origin"] and row["note"] for row in gases)


def test_doubtful_coefficients_of_standard_coal_are_marked(warehouse: Warehouse) -> None:
    doubtful = {
        fuel
        for (fuel,) in warehouse.execute(
            "select fuel_code from reference.tce_coefficients "
            "where tce_set = 'nbs_balance' and confidence = 'doubtful' and note <> ''"
        ).fetchall()
    }
    assert doubtful == {
        "other_washed_coal",
        "briquettes",
        "natural_gas",
        "other_coking_products",
        "other_gas",
    }


def test_industrial_co2_says_that_it_lacks_gas(warehouse: Warehouse) -> None:
    """And it does: table 9-5 has no natural gas."""
    assert warehouse.execute(
        "select count(*) from all_levels.industrial_co2 where fuel_code in "
        "(select fuel_code from reference.fuels where fuel_group = 'natural_gas')"
    ).fetchone() == (0,)
    ((chinese, english, description),) = warehouse.execute(
        "select label_zh, label_en, description from reference.data_dictionary "
        "where table_name = 'region_year' and column_name = 'industrial_co2_t'"
    ).fetchall()
    assert "不含天然气" in chinese
    assert "without natural gas" in english
    assert "不含天然气" in description
    assert "no natural gas" in description
