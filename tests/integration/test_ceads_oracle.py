"""Method `ceads` against the published CEADs inventory: the same data, counted by someone else."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
ORACLE = ROOT / "tests" / "fixtures" / "ceads" / "co2_320000_2015_2022.csv"
MAPPINGS = ROOT / "seeds" / "reference" / "mappings"

YEARS = range(2015, 2023)
TOTAL = "Total Consumption"
# Not burnt fuel: process emissions, the empty scope 2 columns, and the sum.
NOT_FUELS = {"Process", "Scope 2 Heat", "Scope 2 Electricity", "Other Energy", "Scope 1 Total"}
TONNES_PER_MT = 1_000_000

TOTAL_TOLERANCE = 1e-6
CELL_TOLERANCE = 1e-5
# CEADs prints nine decimals of Mt: what is below a kilogram shows as zero.
PRINTED_STEP_T = 1e-9 * TONNES_PER_MT

Cells = dict[tuple[int, str, str], float]


def _aliases(name: str, code: str) -> dict[str, str]:
    with (MAPPINGS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["alias"]: row[code] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def oracle_rows() -> list[dict[str, str]]:
    with ORACLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def oracle(oracle_rows: list[dict[str, str]]) -> Cells:
    """Tonnes of CO2 by year, industry and fuel; sectors of one division added."""
    industries = _aliases("industry_aliases", "industry_code")
    fuels = _aliases("fuel_aliases", "fuel_code")
    cells: Cells = defaultdict(float)
    for row in oracle_rows:
        if row["sector"] == TOTAL:
            continue
        for column, value in row.items():
            if column in NOT_FUELS or column in ("year", "sector"):
                continue
            key = int(row["year"]), industries[row["sector"]], fuels[column]
            cells[key] += float(value) * TONNES_PER_MT
    return dict(cells)


@pytest.fixture(scope="module")
def computed(warehouse: duckdb.DuckDBPyConnection) -> Cells:
    """The same cells from `all_levels.region_co2`."""
    rows = warehouse.execute(
        """
        select year, industry_code, fuel_code, sum(co2_t)
        from all_levels.region_co2
        where region_code = '320000' and method = 'ceads' and year between 2015 and 2022
        group by all
        """
    ).fetchall()
    return {(year, industry, fuel): co2_t for year, industry, fuel, co2_t in rows}


def test_the_oracle_adds_up(oracle: Cells, oracle_rows: list[dict[str, str]]) -> None:
    """Every sector of CEADs found its industry: the cells add up to its own total row."""
    for row in (row for row in oracle_rows if row["sector"] == TOTAL):
        printed = sum(
            float(value)
            for column, value in row.items()
            if column not in NOT_FUELS and column not in ("year", "sector")
        )
        added = sum(value for key, value in oracle.items() if key[0] == int(row["year"]))
        assert added / TONNES_PER_MT == pytest.approx(printed, rel=1e-8)


@pytest.mark.parametrize("year", YEARS)
def test_the_total_of_the_year_is_the_oracles(
    year: int, oracle: Cells, computed: Cells, warehouse: duckdb.DuckDBPyConnection
) -> None:
    expected = sum(value for key, value in oracle.items() if key[0] == year)
    assert sum(value for key, value in computed.items() if key[0] == year) == pytest.approx(
        expected, rel=TOTAL_TOLERANCE
    )
    (region_year,) = warehouse.execute(
        """
        select co2_t from all_levels.region_year
        where region_code = '320000' and method = 'ceads' and year = ?
        """,
        [year],
    ).fetchone()
    assert region_year == pytest.approx(expected, rel=TOTAL_TOLERANCE)


@pytest.mark.parametrize("year", YEARS)
def test_every_cell_is_the_oracles(year: int, oracle: Cells, computed: Cells) -> None:
    """Zero there is zero or absent here, and the other way round; the rest agrees to 0.001 %."""
    different = {}
    for key in sorted(k for k in oracle.keys() | computed.keys() if k[0] == year):
        expected, found = oracle.get(key, 0.0), computed.get(key, 0.0)
        tolerance = CELL_TOLERANCE * abs(expected) + PRINTED_STEP_T
        if abs(found - expected) > tolerance:
            different[key] = (expected, found)
    assert not different
