"""The dbt project built where it has changed: code, content of what a node reads, or both.

A node is built when its key is another than that of what stands: the hash of its code
(`code_keys`) and of the content of its parents. Which of those below a changed node are built in
turn shows while they are at it: where the content of its parents came out the same, a node stands
(macros/keeping). A test runs again when it, or the content of what it reads, is another.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.database import connect
from orchestration.keeping.code_keys import DATA, code_keys
from orchestration.keeping.store import Store, quoted
from orchestration.settings import Home
from orchestration.transform import dbt

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PLANNED = "GREENPARK_PLANNED"  # said to macros/keeping
TAG = "stale"
OWN_SCHEMAS = ("work", "main")
STANDS = ("pass", "warn")

Told = Callable[[str, str], None]


def build(
    home: Home, store: Store, variables: dict[str, Any], parsed: dbt.Parsed, on_node: Told
) -> list[dbt.NodeResult]:
    """Build and test what has changed; the result of every seed, model and data test.

    What stands as it was built before is `is_kept`; such a test has the outcome it had. If a model
    fails, no test runs.
    """
    manifest = parsed.manifest
    place = dbt.run_place(home)
    with store.changing(), _planned():
        with connect(store.database) as connection:
            _prune(connection, manifest)
            _write_plan(connection, manifest, code_keys(manifest, variables))
            stale = _stale(connection, manifest)
        nodes: dict[str, dbt.NodeResult] = {
            node_id: _kept(node_id)
            for node_id, node in manifest.nodes.items()
            if node.resource_type in DATA
        }
        if stale:
            with _tagged(manifest, stale):
                for result in dbt.build_at(
                    place, variables, parsed, [f"tag:{TAG}"], kinds=DATA, on_node=on_node
                ):
                    if result.unique_id in nodes or result.failed:
                        nodes[result.unique_id] = result
        if any(result.failed for result in nodes.values()):
            return _in_order(manifest, nodes)
        with connect(store.database) as connection:
            _comment_on_sources(connection, manifest)
            tests, again = _tests(connection, manifest)
        if again:
            with _tagged(manifest, again):
                for result in dbt.build_at(
                    place, variables, parsed, [f"tag:{TAG}"], kinds=("test",), on_node=on_node
                ):
                    if result.unique_id in manifest.nodes and result.is_test or result.failed:
                        tests[result.unique_id] = result
            with connect(store.database) as connection:
                _keep_tests(connection, [tests[node_id] for node_id in again])
    return [*_in_order(manifest, nodes), *tests.values()]


def _kept(node_id: str) -> dbt.NodeResult:
    return dbt.NodeResult(node_id, "success", dbt.KEPT, 0.0, None, is_kept=True)


@contextmanager
def _planned() -> Iterator[None]:
    """Tell the macros that there is a plan."""
    os.environ[PLANNED] = "true"
    try:
        yield
    finally:
        del os.environ[PLANNED]


@contextmanager
def _tagged(manifest: Manifest, node_ids: list[str]) -> Iterator[None]:
    """Mark nodes for dbt's selection, which would take seconds to find hundreds by their names."""
    for node_id in node_ids:
        manifest.nodes[node_id].tags.append(TAG)
    try:
        yield
    finally:
        for node_id in node_ids:
            manifest.nodes[node_id].tags.remove(TAG)


def _prune(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Drop what no node and no source is any more."""
    wanted = {(node.schema, node.alias) for node in manifest.nodes.values()}
    wanted |= {(source.schema, source.identifier) for source in manifest.sources.values()}
    landed = {
        tuple(relation.split(".", 1))
        for (relation,) in connection.execute(
            "select node from work.built where key = ''"
        ).fetchall()
    }
    for kind, schema, name in connection.execute(
        """
        select 'table', schema_name, table_name from duckdb_tables()
        where database_name = current_database() and not temporary
        union all
        select 'view', schema_name, view_name from duckdb_views()
        where database_name = current_database() and not internal and not temporary
        """
    ).fetchall():
        if schema not in OWN_SCHEMAS and (schema, name) not in wanted | landed:
            connection.execute(f'drop {kind} "{schema}"."{name}"')
    connection.execute(
        "delete from work.built where key <> '' and not list_contains($1, node)",
        [[*manifest.nodes]],
    )


def _write_plan(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, codes: dict[str, str]
) -> None:
    """The code of each node and what it reads: nodes by their id, sources by their table."""
    rows = []
    for node_id, code in codes.items():
        parents = [
            f"{source.schema}.{source.identifier}"
            if (source := manifest.sources.get(parent))
            else parent
            for parent in dict.fromkeys(manifest.nodes[node_id].depends_on_nodes)
        ]
        rows += [[node_id, code, parent] for parent in parents or [None]]
    columns = [[row[place] for row in rows] for place in range(3)]
    connection.execute(
        """
        create or replace table work.plan as
        select unnest($1::varchar[]) as node, unnest($2::varchar[]) as code,
            unnest($3::varchar[]) as parent
        """,
        columns,
    )


def _stale(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> list[str]:
    """The seeds and models that are missing or of another key, and all that is below them."""
    stands = {
        (schema, name)
        for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
    }
    keys = {
        node: (current, built)
        for node, current, built in connection.execute("from work.keys").fetchall()
    }
    judged: dict[str, bool] = {}

    def is_stale(node_id: str) -> bool:
        if node_id not in judged:
            node = manifest.nodes[node_id]
            current, built = keys[node_id]
            judged[node_id] = (
                current != built
                or (node.schema, node.alias) not in stands
                or any(
                    [is_stale(parent) for parent in node.depends_on_nodes if parent in keys]
                )
            )
        return judged[node_id]

    return [
        node_id
        for node_id, node in manifest.nodes.items()
        if node.resource_type in DATA and is_stale(node_id)
    ]


def _comment_on_sources(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Describe the tables dbt does not build, as it describes those it does."""
    comments = [
        f"comment on table {source.schema}.{source.identifier} is "
        + quoted(source.description.strip())
        for source in manifest.sources.values()
    ]
    connection.execute(";".join(["begin", *comments, "commit"]))


def _tests(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest
) -> tuple[dict[str, dbt.NodeResult], list[str]]:
    """What is known of the data tests, and which have to run."""
    known = {}
    for node, status, message, failures in connection.execute(
        """
        select keys.node, tests.status, tests.message, tests.failures
        from work.keys as keys
        inner join work.tests as tests
            on keys.node = tests.node and keys.current_key = tests.key
        order by all
        """
    ).fetchall():
        known[node] = dbt.NodeResult(node, status, message, 0.0, failures, is_kept=True)
    again = [
        node_id
        for node_id, node in manifest.nodes.items()
        if node.resource_type == "test" and node_id not in known
    ]
    return known, again


def _keep_tests(connection: duckdb.DuckDBPyConnection, results: list[dbt.NodeResult]) -> None:
    """Keep what tests found, unless they failed: a failed one runs again."""
    rows = [[r.unique_id, r.status, r.message, r.failures] for r in results if r.status in STANDS]
    connection.execute(
        """
        begin;
        create or replace temp table ran as
        select unnest($1::varchar[]) as node, unnest($2::varchar[]) as status,
            unnest($3::varchar[]) as message, unnest($4::bigint[]) as failures
        """,
        [[row[place] for row in rows] for place in range(4)],
    )
    connection.execute(
        """
        delete from work.tests
        where node in (select node from ran) or node not in (select node from work.plan);
        insert into work.tests
        select ran.node, keys.current_key, ran.status, ran.message, ran.failures
        from ran inner join work.keys as keys on ran.node = keys.node;
        commit
        """
    )


def _in_order(
    manifest: Manifest, results: dict[str, dbt.NodeResult]
) -> list[dbt.NodeResult]:
    """Each after what it reads."""
    ordered: dict[str, None] = {}

    def visit(node_id: str) -> None:
        if node_id in results and node_id not in ordered:
            for parent in manifest.nodes[node_id].depends_on_nodes:
                visit(parent)
            ordered[node_id] = None

    for node_id in results:
        visit(node_id)
    return [results[node_id] for node_id in ordered]
