"""The comparison of the engines finds what differs, and only that."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from compare import compare, main

MART = """
create schema all_levels;
create table all_levels.region_year as
select * from (values
    ('320000', 2019, 1e9, 'derived'),
    ('320000', 2020, null, 'observed'),
    ('320500', 2020, 3e8, 'observed')
) as t (region_code, year, co2_t, origin);
comment on column all_levels.region_year.co2_t is 'CO2';
"""


def _build(path: Path, *changes: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute(MART)
        for change in changes:
            connection.execute(change)
    return path


@pytest.mark.parametrize(
    "change",
    [
        "update all_levels.region_year set co2_t = co2_t * (1 + 1e-8) where year = 2019",
        "update all_levels.region_year set co2_t = 0 where co2_t is null",
        "update all_levels.region_year set co2_t = null where year = 2019",
        "update all_levels.region_year set origin = 'reconstructed' where year = 2019",
        "update all_levels.region_year set region_code = null where year = 2019",
        "update all_levels.region_year set year = 2018 where year = 2019",
        "delete from all_levels.region_year where year = 2019",
        "insert into all_levels.region_year from all_levels.region_year limit 1",
        "alter table all_levels.region_year add column co2e_t double",
        "alter table all_levels.region_year alter column year type bigint",
        "alter table all_levels.region_year rename column co2_t to co2e_t",
        "comment on column all_levels.region_year.co2_t is 'CO'",
        "drop table all_levels.region_year",
    ],
)
def test_a_difference_is_found(change: str, tmp_path: Path) -> None:
    left, right = _build(tmp_path / "a.duckdb"), _build(tmp_path / "b.duckdb", change)
    assert [bool(comparison.faults) for comparison in compare(left, right)] == [True]
    assert main([str(left), str(right)]) == 1
    assert main([str(right), str(left)]) == 1


@pytest.mark.parametrize(
    "change",
    [
        "select 1",
        "update all_levels.region_year set co2_t = co2_t * (1 + 1e-10)",
        "create or replace table all_levels.region_year as from all_levels.region_year"
        " order by region_code desc, year desc; comment on column"
        " all_levels.region_year.co2_t is 'CO2'",
    ],
)
def test_last_digits_and_the_order_of_rows_are_none(change: str, tmp_path: Path) -> None:
    left, right = _build(tmp_path / "a.duckdb"), _build(tmp_path / "b.duckdb", change)
    assert main([str(left), str(right)]) == 0


def test_nothing_to_compare_is_a_failure(tmp_path: Path) -> None:
    for name in ("a", "b"):
        duckdb.connect(str(tmp_path / f"{name}.duckdb")).close()
    assert main([str(tmp_path / "a.duckdb"), str(tmp_path / "b.duckdb")]) == 1
