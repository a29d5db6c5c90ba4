"""A toy warehouse and toy suites for the tests of the expectations framework."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

HERE = Path(__file__).parent
TOY_RULES = HERE / "toy_suites" / "rules.csv"
BROKEN_RULES = HERE / "toy_broken" / "rules.csv"
os.environ["GX_ANALYTICS_ENABLED"] = "false"
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # for the packages toy_suites and toy_broken

GOOD = (
    "create schema toy",
    "create table toy.landing as select range as row_number from range(3)",
    """create table toy.region
    (region_code text primary key, name_zh text, coal_share double, as_of date)""",
    """insert into toy.region values
    ('320000', '江苏省', 0.5, date '2023-12-31'), ('320500', '苏州市', 0.25, date '2023-12-31')""",
    """create table toy.yearly as
    select r.region_code, y.year, 1000.0 * y.year as co2_t
    from toy.region as r cross join (select unnest([2021, 2022, 2023]) as year) as y""",
)

Build = Callable[..., Path]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a function that builds the good toy warehouse and then runs more SQL on it."""

    def make(*sql: str, name: str = "build") -> Path:
        path = tmp_path / name / "wh.duckdb"
        path.parent.mkdir()
        execute(path, [*GOOD, *sql])
        return path

    return make


def execute(path: Path, statements: Sequence[str]) -> None:
    """Open a database read-write, as a build does, and run statements."""
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def toy_rules() -> Path:
    """Return the index of the toy suites."""
    return TOY_RULES


@pytest.fixture
def broken_rules() -> Path:
    """Return the index of the broken suites."""
    return BROKEN_RULES
