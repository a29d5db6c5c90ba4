"""What a refresh costs, by counts that do not vary: seconds are for `benchmarks/`.

A bound is a little above what was counted on the shipped data when it was set. Who needs more says
why here, and what the build does twice is mended instead.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from benchmarks import floor
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

# By kind: how often all that is stored is read, and scans of a node on average (2026-11-28: models
# 4.1 and 4.3, checks of soundness 3.5 and 3.6, other tests of the data 1.3 and 3.6).
TIMES_READ = {"model": 4.5, "check": 3.9, "test": 1.5}
SCANS_A_NODE = {"model": 4.7, "check": 4.0, "test": 4.5}
# Tests of the data that are nodes, for each seed or model (1.01), and of any one of them (3).
TESTS_A_TABLE = 1.1
TESTS_OF_ONE = 4
# Modules of a process that is about to refresh, before it knows whether anything has changed (238).
MODULES = 270
HEAVY = ("dagster", "dbt", "great_expectations", "jinja2", "numpy", "pandas", "sqlalchemy")


@dataclass(frozen=True)
class Read:
    """What the plan of one node reads."""

    name: str
    kind: str
    scans: int
    rows: int


@pytest.fixture(scope="module")
def kept(published_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    path = published_home.kept / DATABASE_NAME
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def sizes(kept: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {
        name: rows
        for name, rows in kept.execute(
            "select database_name || '.' || schema_name || '.' || table_name, estimated_size "
            "from duckdb_tables() where schema_name not in ('work', 'main')"
        ).fetchall()
    }


@pytest.fixture(scope="module")
def reads(
    published_home: Home, kept: duckdb.DuckDBPyConnection, sizes: dict[str, int]
) -> list[Read]:
    """What each statement of a build that is more than a view reads, by its plan."""
    found = []
    for node in floor.nodes(published_home):
        if node.kind in TIMES_READ and not node.is_view:
            ((_, text),) = kept.execute(f"explain (format json) {node.sql}").fetchall()
            tables = list(scanned(json.loads(text)))
            rows = sum(sizes[table] for table in tables)
            found.append(Read(node.name, node.kind, len(tables), rows))
    return found


def scanned(plan: list[dict[str, Any]]) -> Iterator[str]:
    for operator in plan:
        if "Table" in operator["extra_info"]:
            yield operator["extra_info"]["Table"].replace('"', "")
        yield from scanned(operator["children"])


@pytest.mark.parametrize("kind", TIMES_READ)
def test_a_build_reads_what_is_stored_a_few_times(
    reads: list[Read], sizes: dict[str, int], kind: str
) -> None:
    own = [read for read in reads if read.kind == kind]
    assert len(own) > 20
    dearest = sorted(own, key=lambda read: -read.rows)[:10]
    assert sum(read.rows for read in own) <= TIMES_READ[kind] * sum(sizes.values()), dearest
    most = sorted(own, key=lambda read: -read.scans)[:10]
    assert sum(read.scans for read in own) <= SCANS_A_NODE[kind] * len(own), most


def test_the_rows_of_a_plan_are_counted(
    kept: duckdb.DuckDBPyConnection, sizes: dict[str, int]
) -> None:
    """A table that is read twice counts twice; that of a view is seen through it."""
    table = "reference.units"
    sql = f"select * from {table} as a inner join {table} as b on a.unit <> b.unit"
    ((_, text),) = kept.execute(f"explain (format json) {sql}").fetchall()
    found = [*scanned(json.loads(text))]
    assert len(found) == 2 and {sizes[name] for name in found} == {sizes[found[0]]} != {0}


def test_a_table_has_one_test_that_is_a_node(published_home: Home) -> None:
    """A rule of one table is a word of its check of soundness: a node costs 25 ms, a word none."""
    document = json.loads((published_home.target / "manifest.json").read_text(encoding="utf-8"))
    nodes = document["nodes"].values()
    kinds = Counter(node["resource_type"] for node in nodes)
    assert kinds["test"] <= TESTS_A_TABLE * (kinds["model"] + kinds["seed"])
    ours = Counter(node.get("attached_node") for node in nodes if node["resource_type"] == "test")
    del ours[None]
    assert {name for name, count in ours.items() if count > TESTS_OF_ONE} == set()


def test_what_starts_a_refresh_loads_little() -> None:
    """Where nothing has changed it says so without Dagster, dbt or Great Expectations."""
    script = (
        "import sys, orchestration.refresh\n"
        f"print(len(sys.modules), *(m for m in {HEAVY!r} if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    count, *heavy = done.stdout.split()
    assert heavy == [] and int(count) <= MODULES
