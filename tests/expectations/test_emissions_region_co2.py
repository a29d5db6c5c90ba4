"""The suite of emissions.region_co2 passes on good data and fails on each seeded fault."""

from __future__ import annotations

import json

import pytest

from expectations.runner import run_gate

GOOD = (
    "create schema emissions",
    """create table emissions.region_co2 as
    select '320500' as region_code, unnest([2021, 2022]) as year, 'ceads' as method,
    1.0 as co2_t""",
)


@pytest.mark.parametrize(
    ("fault", "failed"),
    [
        ("select 1", []),
        (
            "delete from emissions.region_co2 where year = 2021",
            ["emissions_region_co2_keeps_years"],
        ),
        (
            "delete from emissions.region_co2",
            ["emissions_region_co2_has_rows", "emissions_region_co2_keeps_years"],
        ),
    ],
)
def test_suite(build, fault: str, failed: list[str]) -> None:
    database, previous = build(*GOOD, fault), build(*GOOD, name="previous")
    results = [
        result
        for result in run_gate(database, "marts", previous=previous)
        if result.suite == "emissions__region_co2"
    ]
    assert len(results) == 2
    assert [result.rule_id for result in results if result.status == "fail"] == failed
    assert all(result.status != "error" for result in results)
    if failed:
        rows = json.loads(results[1].details)["unexpected_rows"]
        assert {"region_code": "320500", "year": 2021, "method": "ceads"} in rows
