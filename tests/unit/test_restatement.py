"""The causes of a restatement add up to it, cell by cell, whatever differs between two versions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.serving import restatement

# Whole numbers: doubles add and multiply them without rounding, so that equal is equal.
FACTORS = {"coal": (2, 3), "gas": (1, 5)}
CELLS = [(name, fuel) for name in ("e1", "e2") for fuel in FACTORS]


@st.composite
def versions(draw: st.DrawFn) -> dict[str, Any]:
    """What one version holds: cells, the factor of a fuel, its rule, the share of an enterprise."""
    return {
        "cells": {cell: draw(st.one_of(st.none(), st.integers(1, 9))) for cell in CELLS},
        "factor": {fuel: draw(st.sampled_from(two)) for fuel, two in FACTORS.items()},
        "rule": {fuel: draw(st.sampled_from((0, 1, 2))) for fuel in FACTORS},
        "share": {
            (park, name): draw(st.sampled_from((0, 1, 2)))
            for park in ("P", "Q")
            for name in ("e1", "e2")
        },
    }


def fill(connection: duckdb.DuckDBPyConnection, side: str, version: dict[str, Any]) -> None:
    connection.execute(f"attach ':memory:' as {side}")
    connection.execute(
        f"create schema {side}.quality; create schema {side}.emissions;"
        f"create table {side}.quality.return_lineage (park_id varchar, enterprise_id varchar, "
        "year integer, month integer, fuel_code varchar, flow varchar, file_name varchar, "
        "sheet_name varchar, row_number bigint, column_name varchar, quantity double);"
        f"create table {side}.quality.emission_lineage (account varchar, park_id varchar, "
        "method varchar, scope varchar, input_role varchar, file_name varchar, "
        "sheet_name varchar, row_number bigint, column_name varchar, rule_weight double, "
        "member_share double, outside_share double, co2_t_per_quantity double);"
        f"create table {side}.emissions.park_co2_by_method (park_id varchar, year integer, "
        "method varchar, co2_t double)"
    )
    for row, ((name, fuel), quantity) in enumerate(version["cells"].items()):
        if quantity is None:
            continue
        connection.execute(
            f"insert into {side}.quality.return_lineage values "
            f"('P', '{name}', 2020, null, '{fuel}', 'consumption', '{side}.csv', null, {row}, "
            f"'consumption_quantity', {quantity})"
        )
        for park in ("P", "Q"):
            rule, share = version["rule"][fuel], version["share"][park, name]
            if rule and share:
                connection.execute(
                    f"insert into {side}.quality.emission_lineage values ('park', '{park}', 'm', "
                    f"'1', 'activity', '{side}.csv', null, {row}, 'consumption_quantity', {rule}, "
                    f"{share}, null, {version['factor'][fuel]})"
                )
    for park in ("P", "Q"):
        connection.execute(
            f"insert into {side}.emissions.park_co2_by_method values "
            f"('{park}', 2020, 'm', {account(version, park)})"
        )


def account(version: dict[str, Any], park: str) -> int:
    return sum(
        (quantity or 0)
        * version["rule"][fuel]
        * version["share"][park, name]
        * version["factor"][fuel]
        for (name, fuel), quantity in version["cells"].items()
    )


def causes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[float, ...]]:
    with duckdb.connect() as connection:
        fill(connection, "before", before)
        fill(connection, "after", after)
        restatement.compute(connection)
        return {
            park: tuple(rest)
            for park, *rest in connection.execute(
                "select park_id, before_co2_t, after_co2_t, data_co2_t, factor_co2_t, rule_co2_t, "
                "boundary_co2_t from restatement"
            ).fetchall()
        }


@settings(max_examples=60, deadline=None)
@given(before=versions(), after=versions())
def test_the_four_causes_are_the_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = causes(before, after)
    for park in ("P", "Q"):
        change = account(after, park) - account(before, park)
        if park not in found:
            assert change == 0
            continue
        co2_before, co2_after, *parts = found[park]
        assert (co2_before, co2_after) == (account(before, park), account(after, park))
        assert sum(map(Fraction, parts)) == change


BASE = {
    "cells": {("e1", "coal"): 10, ("e1", "gas"): 4, ("e2", "coal"): None, ("e2", "gas"): None},
    "factor": {"coal": 2, "gas": 1},
    "rule": {"coal": 1, "gas": 1},
    "share": {("P", "e1"): 1, ("P", "e2"): 1, ("Q", "e1"): 0, ("Q", "e2"): 0},
}


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"cells": BASE["cells"] | {("e1", "coal"): 13}}, {"P": (6, 0, 0, 0)}),
        ({"cells": BASE["cells"] | {("e2", "gas"): 7}}, {"P": (7, 0, 0, 0)}),
        ({"factor": {"coal": 3, "gas": 1}}, {"P": (0, 10, 0, 0)}),
        ({"rule": {"coal": 1, "gas": 0}}, {"P": (0, 0, -4, 0)}),
        (
            {"share": BASE["share"] | {("P", "e1"): 0, ("Q", "e1"): 1}},
            {"P": (0, 0, 0, -24), "Q": (0, 0, 0, 24)},
        ),
    ],
    ids=["a number", "a new number", "a factor", "a rule", "a boundary"],
)
def test_each_cause_alone(
    changed: dict[str, Any], parts: dict[str, tuple[float, float, float, float]]
) -> None:
    found = causes(BASE, BASE | changed)
    assert {park: row[2:] for park, row in found.items()} == parts
