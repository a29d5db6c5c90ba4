"""The causes of a restatement add up to it, cell by cell, whatever differs between two versions."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration import cli
from orchestration.publishing.model_schema import WHOLE
from orchestration.serving import restatement
from orchestration.settings import DATABASE_NAME

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


def fill(
    connection: duckdb.DuckDBPyConnection,
    side: str,
    version: dict[str, Any],
    schema: str,
    path: Path | str = ":memory:",
) -> None:
    connection.execute(f"attach '{path}' as {side}")
    connection.execute(
        f"create schema {side}.quality; create schema {side}.{schema};"
        f"create table {side}.quality.return_lineage (park_id varchar, enterprise_id varchar, "
        "year integer, month integer, fuel_code varchar, flow varchar, file_name varchar, "
        "sheet_name varchar, row_number bigint, column_name varchar, quantity double);"
        f"create table {side}.quality.emission_lineage (account varchar, park_id varchar, "
        "method varchar, scope varchar, input_role varchar, file_name varchar, "
        "sheet_name varchar, row_number bigint, column_name varchar, rule_weight double, "
        "member_share double, outside_share double, co2_t_per_quantity double);"
        f"create table {side}.{schema}.park_co2_by_method (park_id varchar, year integer, "
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
            f"insert into {side}.{schema}.park_co2_by_method values "
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
        # The older version is one of contract 2: no park was in a schema of its own.
        fill(connection, "before", before, "emissions")
        fill(connection, "after", after, WHOLE)
        restatement.compute(connection)
        return {
            park: tuple(rest)
            for park, *rest in connection.execute(
                "select park_id, before_t, after_t, data_t, factor_t, rule_t, boundary_t "
                "from restatement"
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


def test_the_command_compares_the_current_version_with_the_one_before(tmp_path: Path) -> None:
    names = {"before": "20260101T000000Z-00000001", "after": "20260102T000000Z-00000002"}
    told = {"before": BASE, "after": BASE | {"factor": {"coal": 3, "gas": 1}}}
    for side, schema in (("before", "emissions"), ("after", WHOLE)):
        folder = tmp_path / "releases" / names[side]
        folder.mkdir(parents=True)
        (folder / "PUBLISHED").write_text(f"2026-01-0{1 + (side == 'after')}T00:00:00+00:00\n")
        with duckdb.connect() as connection:
            fill(connection, side, told[side], schema, folder / DATABASE_NAME)
    (tmp_path / "current").symlink_to(Path("releases") / names["after"])
    command = ["restatement", "--json", "--home", str(tmp_path)]
    done = CliRunner().invoke(cli.main, command)
    assert done.exit_code == 0, done.stderr
    (row,) = json.loads(done.stdout)
    assert (row["park_id"], row["before_t"], row["after_t"]) == ("P", 24, 34)
    assert (row["data_t"], row["factor_t"]) == (0, 10)
    assert CliRunner().invoke(cli.main, [*command, "--park", "Q"]).stdout.strip() == "[]"


# Accounts of the ledger. A version is its lines (enterprise and item: quantity of the whole
# enterprise, factor, status), the share of each enterprise by park, the energy it returned and
# whether the entry is counted.
LEDGER: dict[str, Any] = {
    "lines": {
        ("e1", "coal"): (10, 2, "returned"),
        ("e1", "ammonia"): (5, 1, "returned"),
        (None, "grid"): (4, 1, "returned"),
    },
    "share": {("P", "e1"): 1},
    "cells": {("e1", "coal"): 10},
    "counted": True,
}


def fill_ledger(connection: duckdb.DuckDBPyConnection, side: str, version: dict[str, Any]) -> None:
    """The tables that the accounts of the ledger stand in, all parks in the list of P."""
    fill(connection, side, BASE | {"cells": {}}, WHOLE)
    connection.execute(
        f"create schema {side}.reference;"
        f"create table {side}.{WHOLE}.park_carbon_ledger (park_id varchar, year integer, "
        "method varchar, electricity_view varchar, entry varchar, enterprise_id varchar, "
        "line_item varchar, line_detail varchar, gas varchar, sign integer, quantity double, "
        "co2e_t double, is_counted boolean, value_status varchar);"
        f"create table {side}.reference.boundary_members (list_park_id varchar, "
        "enterprise_id varchar);"
        f"create table {side}.quality.member_shares (park_id varchar, list_park_id varchar, "
        "enterprise_id varchar, year integer, member_share double)"
    )
    for (park, name), share in version["share"].items():
        connection.execute(f"insert into {side}.reference.boundary_members values ('P', '{name}')")
        connection.execute(
            f"insert into {side}.quality.member_shares values ('{park}', 'P', '{name}', 2020, "
            f"{share})"
        )
    for (name, fuel), quantity in version["cells"].items():
        connection.execute(
            f"insert into {side}.quality.return_lineage values ('P', '{name}', 2020, null, "
            f"'{fuel}', 'consumption', 'f.csv', null, 1, 'consumption_quantity', {quantity})"
        )
    for park, name, item, quantity, factor, status in ledger_lines(version):
        code = "null" if name is None else f"'{name if park == 'P' else 'P/' + name}'"
        connection.execute(
            f"insert into {side}.{WHOLE}.park_carbon_ledger values ('{park}', 2020, 'g', 'v', "
            f"'x', {code}, '{item}', null, 'co2', 1, {quantity}, {quantity * factor}, "
            f"{version['counted']}, '{status}')"
        )


def ledger_lines(version: dict[str, Any]) -> list[tuple[str, str | None, str, int, int, str]]:
    """The lines of each park, by the share of the enterprise in it."""
    shares = version["share"] | {("P", None): 1}
    return [
        (park, name, item, quantity * share, factor, status)
        for (park, whose), share in shares.items()
        for (name, item), (quantity, factor, status) in version["lines"].items()
        if name == whose and share
    ]


def net(version: dict[str, Any], park: str) -> int:
    lines = ledger_lines(version)
    return version["counted"] * sum(line[3] * line[4] for line in lines if line[0] == park)


def causes_of_ledger(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[float, ...]]:
    with duckdb.connect() as connection:
        fill_ledger(connection, "before", before)
        fill_ledger(connection, "after", after)
        restatement.compute(connection)
        return {
            park: tuple(rest)
            for park, *rest in connection.execute(
                "select park_id, before_t, after_t, data_t, factor_t, rule_t, boundary_t "
                "from restatement where method = 'g' and electricity_view = 'v' and gas = 'co2e'"
            ).fetchall()
        }


def with_line(name: str | None, item: str, *line: object) -> dict[str, Any]:
    return {"lines": LEDGER["lines"] | {(name, item): line}}


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        (with_line("e1", "coal", 13, 2, "returned") | {"cells": {("e1", "coal"): 13}},
         {"P": (6, 0, 0, 0)}),
        (with_line(None, "grid", 7, 1, "returned"), {"P": (3, 0, 0, 0)}),
        (with_line("e2", "coal", 7, 2, "returned")
         | {"share": {("P", "e1"): 1, ("P", "e2"): 1}, "cells": LEDGER["cells"]
            | {("e2", "coal"): 7}}, {"P": (14, 0, 0, 0)}),
        (with_line("e1", "coal", 10, 3, "measured_factor"), {"P": (0, 10, 0, 0)}),
        (with_line("e1", "coal", 8, 2, "returned"), {"P": (0, 0, -4, 0)}),
        (with_line("e1", "ammonia", 5, 0, "carbon_balance"), {"P": (0, 0, -5, 0)}),
        ({"counted": False}, {"P": (0, 0, -29, 0)}),
        ({"share": {("Q", "e1"): 1}}, {"P": (0, 0, 0, -25), "Q": (0, 0, 0, 25)}),
    ],
    ids=["a number", "of the whole park", "a new enterprise", "a measured factor",
         "a rule", "a carbon balance", "an entry not counted", "a boundary"],
)  # fmt: skip
def test_each_cause_of_the_ledger_alone(
    changed: dict[str, Any], parts: dict[str, tuple[float, float, float, float]]
) -> None:
    found = causes_of_ledger(LEDGER, LEDGER | changed)
    assert {park: row[2:] for park, row in found.items()} == parts


@st.composite
def ledgers(draw: st.DrawFn) -> dict[str, Any]:
    line = st.tuples(
        st.integers(1, 9), st.integers(0, 5), st.sampled_from(("returned", "carbon_balance"))
    )
    names = draw(st.lists(st.sampled_from(("e1", "e2")), unique=True))
    return {
        "lines": {
            (name, item): draw(line)
            for name in (*names, None)
            for item in draw(st.lists(st.sampled_from(("coal", "gas")), unique=True))
        },
        "share": {
            (park, name): draw(st.sampled_from((0, 1, 2))) for park in ("P", "Q") for name in names
        },
        "cells": {(name, "coal"): draw(st.integers(1, 2)) for name in names},
        "counted": draw(st.booleans()),
    }


@settings(max_examples=15, deadline=None)
@given(before=ledgers(), after=ledgers())
def test_the_causes_of_the_ledger_are_the_change(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = causes_of_ledger(before, after)
    for park in ("P", "Q"):
        if park not in found:
            assert net(before, park) == net(after, park) == 0
            continue
        co2_before, co2_after, *parts = found[park]
        assert co2_before == pytest.approx(net(before, park), abs=1e-9)
        assert co2_after == pytest.approx(net(after, park), abs=1e-9)
        assert sum(parts) == pytest.approx(co2_after - co2_before, abs=1e-9)
