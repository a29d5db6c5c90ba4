"""Somebody else's province: Shanxi (coal) and Sichuan (hydropower) through the whole job.

Their balances are the printed ones; the CO2 inventory of the same years is an oracle, never an
input. In the same refresh stand generated provinces and one that lacks a number.
"""

from __future__ import annotations

import csv
import subprocess
from collections import defaultdict
from collections.abc import Callable

import duckdb
import pytest
from faulty import MISTYPED, TO_MEND, WRONG_UNIT
from foreign import PRINTED, WITH_A_HOLE

from orchestration.landing.map.labels import known_labels
from orchestration.settings import Home

Run = Callable[..., subprocess.CompletedProcess[str]]
Cells = dict[tuple[str, int, str, str], float]

ORACLE = PRINTED.parent / "ceads" / "co2_140000_510000_2018_2020.csv"
PROVINCES, YEARS = ("140000", "510000"), (2018, 2019, 2020)
TONNES_PER_MT = 1_000_000
# As in tests/integration/test_ceads_oracle.py.
TOTAL_TOLERANCE = 1e-6
CELL_TOLERANCE = 1e-5
PRINTED_STEP_T = 1e-9 * TONNES_PER_MT
NOT_FUELS = {"Process", "Scope_1_Total"}
TOTAL = "TotalEmissions"

NEEDS_TABLE = "industry above designated size is in a table of its own, which they do not have"
NEEDS_IMPORT = "net import of electricity is in a table of its own, which they do not have"
NEEDS_INDEX = "no index of their product is held, so nothing is known at constant prices"
NEEDS_TARGETS = "no target of theirs is a row of the reference tables"
NEEDS_PARKS = "no park of theirs returns"
NEEDS_CITIES = "no city of theirs has a balance"
NEEDS_HISTORY = (
    "a scenario begins in 2016, their balances in 2018: quality.scenario_coverage says so"
)
NEEDS_ANNOUNCEMENT = "no rate of growth of theirs that was announced is keyed"
NEEDS_OFFICIAL = "no official intensity of theirs is keyed"
NEEDS_STANDARDS = "no standard of theirs is a row of the reference tables"
NEEDS_LISTS = "no report about it prints a list of names"
# One of the two has a report: tests/fixtures/reports.
REPORTED = "140000"
OF_THE_REPORT = "no report is about it"
# What has rows for the shipped province and none for these two, each because an input is missing.
ABSENT = {
    "all_levels.industrial_co2": NEEDS_TABLE,
    "all_levels.region_co2_views": NEEDS_IMPORT,
    "emissions.province_above_size_co2": NEEDS_TABLE,
    "emissions.province_production_and_use_co2": NEEDS_IMPORT,
    "indicators.price_deflators": NEEDS_INDEX,
    "indicators.scenarios": NEEDS_HISTORY,
    "indicators.scenario_potential": NEEDS_HISTORY,
    "indicators.scenario_tornado": NEEDS_HISTORY,
    "indicators.target_status": NEEDS_TARGETS,
    "indicators.target_tracking": NEEDS_TARGETS,
    "indicators.targets": NEEDS_TARGETS,
    "indicators.early_warnings": NEEDS_TARGETS,
    "quality.assessment_residuals": NEEDS_OFFICIAL,
    "quality.growth_agreement": NEEDS_ANNOUNCEMENT,
    "quality.list_agreement": NEEDS_LISTS,
    "indicators.park_representativeness": NEEDS_PARKS,
    "model.park_representativeness": NEEDS_PARKS,
    "model.region_concentration": NEEDS_CITIES,
    "quality.model_validation": NEEDS_CITIES,
    "reference.reports": OF_THE_REPORT,
    "reference.standards": NEEDS_STANDARDS,
    "reference.plans": NEEDS_TARGETS,
}


@pytest.fixture(scope="module")
def inventory() -> list[dict[str, str]]:
    with ORACLE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["fuel"] not in NOT_FUELS]


@pytest.fixture(scope="module")
def oracle(inventory: list[dict[str, str]]) -> Cells:
    """Tonnes of CO2 by region, year, industry and fuel; sectors of one division added."""
    industries = {
        known.label: known.code
        for known in known_labels("item")
        if known.code_column == "industry_code"
    }
    fuels = {known.label.replace(" ", ""): known.code for known in known_labels("fuel")}
    cells: Cells = defaultdict(float)
    for row in inventory:
        if row["sector"] != TOTAL:
            fuel = fuels[row["fuel"].replace("_", "")]
            key = row["region_code"], int(row["year"]), industries[row["sector"]], fuel
            cells[key] += float(row["value"]) * TONNES_PER_MT
    return dict(cells)


def test_the_oracle_adds_up(oracle: Cells, inventory: list[dict[str, str]]) -> None:
    """Every sector of CEADs found its industry: the cells add up to its own total rows."""
    for region in PROVINCES:
        for year in YEARS:
            printed = sum(
                float(row["value"])
                for row in inventory
                if (row["sector"], row["region_code"], row["year"]) == (TOTAL, region, str(year))
            )
            added = sum(value for key, value in oracle.items() if key[:2] == (region, year))
            assert printed > 0
            assert added / TONNES_PER_MT == pytest.approx(printed, rel=1e-8)


@pytest.mark.parametrize("region", PROVINCES)
def test_every_cell_of_the_co2_is_the_oracles(
    region: str, oracle: Cells, reader: duckdb.DuckDBPyConnection
) -> None:
    rows = reader.execute(
        """
        select region_code, year, industry_code, fuel_code, sum(co2_t)
        from all_levels.region_co2 where region_code = ? and method = 'ceads' group by all
        """,
        [region],
    ).fetchall()
    computed = {(code, year, industry, fuel): co2_t for code, year, industry, fuel, co2_t in rows}
    expected = {key: value for key, value in oracle.items() if key[0] == region}
    assert len(expected) > 500
    different = {
        key: (expected.get(key, 0.0), computed.get(key, 0.0))
        for key in sorted(expected.keys() | computed.keys())
        if abs(computed.get(key, 0.0) - expected.get(key, 0.0))
        > CELL_TOLERANCE * abs(expected.get(key, 0.0)) + PRINTED_STEP_T
    }
    assert not different
    totals = reader.execute(
        "select year, co2_t, is_complete from all_levels.region_year "
        "where region_code = ? and method = 'ceads' order by year",
        [region],
    ).fetchall()
    assert [(year, is_complete) for year, _, is_complete in totals] == [(y, True) for y in YEARS]
    for year, co2_t, _ in totals:
        total = sum(value for key, value in expected.items() if key[1] == year)
        assert co2_t == pytest.approx(total, rel=TOTAL_TOLERANCE)


@pytest.mark.parametrize("region", PROVINCES)
def test_no_mart_is_empty_for_want_of_a_row_of_the_shipped_province(
    region: str, reader: duckdb.DuckDBPyConnection
) -> None:
    tables = reader.execute(
        """
        select schema_name || '.' || table_name from duckdb_columns()
        where column_name = 'region_code'
            and schema_name in (
                'reference', 'emissions', 'indicators', 'all_levels', 'model', 'quality'
            )
            -- Each of these is judged by its parts, under its plain name and in schema model.
            and (schema_name || '.' || table_name) not in (
                select 'all_levels.' || table_name from reference.model_tables where has_twin
            )
        order by all
        """
    ).fetchall()
    empty = set()
    for (table,) in tables:
        counts = f"""
            select count(*) filter (region_code = '320000'), count(*) filter (region_code = ?)
            from {table}
        """
        shipped, foreign = reader.execute(counts, [region]).fetchone()
        if shipped and not foreign:
            empty.add(table)
    reported = {"reference.reports"} if region == REPORTED else set()
    assert empty == set(ABSENT) - reported
    refusals = reader.execute(
        "select distinct refusal from quality.scenario_coverage where region_code = ?", [region]
    ).fetchall()
    assert refusals == [("history_year_missing",)]


def test_provinces_are_the_parts_of_the_country(reader: duckdb.DuckDBPyConnection) -> None:
    """Twelve in 2020, of which three lack something; one of the four of 2018."""
    rows = reader.execute(
        """
        select year, members, is_complete from all_levels.region_concentration
        where region_code = '100000' and method = 'ceads' and statistic = 'hhi'
            and measured = 'co2_t'
        order by year
        """
    ).fetchall()
    assert rows == [
        (2016, 3, True),
        (2018, 4, False),
        (2019, 3, True),
        (2020, 12, False),
        (2021, 5, True),
        (2022, 6, True),
    ]
    ((own,),) = reader.execute(
        "select count(*) from all_levels.region_concentration where region_code = '320000'"
    ).fetchall()
    assert own > 0


def test_a_total_that_lacks_a_cell_says_so(
    reader: duckdb.DuckDBPyConnection, foreign_home: Home, run_greenpark: Run
) -> None:
    rows = reader.execute(
        """
        select method, is_complete, refused_cells, refused_share between 0.0005 and 0.05
        from all_levels.region_year where region_code = ? order by method
        """,
        [WITH_A_HOLE],
    ).fetchall()
    assert len(rows) == 5
    assert {row[1:] for row in rows} == {(False, 1, True)}
    others = reader.execute(
        "select count(*) from all_levels.region_year "
        "where region_code not in (?, ?, ?, ?) and not is_complete",
        [WITH_A_HOLE, MISTYPED, TO_MEND, WRONG_UNIT],
    ).fetchone()
    assert others == (0,)
    lacking = reader.execute(
        "select fuel_code from all_levels.region_balance "
        "where region_code = ? and not is_complete order by all",
        [WITH_A_HOLE],
    ).fetchall()
    assert lacking == []  # the printed totals of the balance hold what the refused sector lacks
    told = run_greenpark(
        "explain", "--home", foreign_home.root, "--region", WITH_A_HOLE, "--year", "2020",
        "--method", "ceads", "--fuel", "raw_coal",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "value_not_a_number" in told.stdout
    assert f"energy_balance_{WITH_A_HOLE}_2020.csv" in told.stdout


def test_old_names_are_known_with_their_years(reader: duckdb.DuckDBPyConnection) -> None:
    names = reader.execute(
        "select name_zh, year_from, year_to from reference.region_former_names "
        "where region_code = '530800' order by year_from"
    ).fetchall()
    assert names == [("思茅地区", 1980, 2002), ("思茅市", 2003, 2006)]
    abolished = reader.execute(
        "select name_zh, year_to from reference.regions where region_code = '371200'"
    ).fetchall()
    assert abolished == [("莱芜市", 2018)]
    ((prefectures, without_grid),) = reader.execute(
        """
        select count(*), count(*) filter (grid_name is null)
        from reference.regions
        left join reference.region_grids
            on regions.region_code = region_grids.region_code
            and 2020 between region_grids.year_from and region_grids.year_to
        where level = 'prefecture' and regions.year_to = 9999
        """
    ).fetchall()
    assert (prefectures, without_grid) == (333, 0)
