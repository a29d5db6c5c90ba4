"""A public table of standard-coal coefficients was wrong by ten; the dbt test sees such a row."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import PROJECT_ROOT, Home

TEST = "assert_tce_coefficients_fit_the_heat_of_their_fuel"
SEEDS = {
    "unit_labels": "units/unit_labels.csv",
    "thresholds": "thresholds/thresholds.csv",
    "constants": "factors/constants.csv",
}


@pytest.fixture
def warehouse_copy(published_home: Home, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A copy that may be changed, with the seeds the test reads."""
    path = tmp_path / "greenpark.duckdb"
    shutil.copyfile(published_home.database, path)
    connection = duckdb.connect(str(path))
    connection.execute("create schema seed")
    for name, file in SEEDS.items():
        csv = PROJECT_ROOT / "seeds" / "reference" / file
        connection.execute(f"create table seed.{name} as select * from read_csv('{csv}')")
    return connection


@pytest.mark.parametrize(
    ("fuel", "factor", "is_found"),
    [
        ("raw_coal", 1, False),
        ("raw_coal", 10, True),
        ("natural_gas", 10, True),
        ("coke_oven_gas", 0.1, True),
        ("diesel", 1e-4, True),
        ("other_washed_coal", 1, False),
    ],
)
def test_a_coefficient_off_by_a_decimal_place_is_found(
    published_home: Home, warehouse_copy: duckdb.DuckDBPyConnection, fuel, factor, is_found
) -> None:
    (compiled,) = (published_home.target / "compiled").rglob(f"{TEST}.sql")
    warehouse_copy.execute(
        "update reference.tce_coefficients set tce_per_unit = tce_per_unit * ? "
        "where fuel_code = ? and tce_set = 'nbs_balance'",
        [factor, fuel],
    )
    found = warehouse_copy.execute(compiled.read_text(encoding="utf-8")).fetchall()
    assert [(row[0], row[1]) for row in found] == ([("nbs_balance", fuel)] if is_found else [])
