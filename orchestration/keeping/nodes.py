"""The dbt project built where it has changed: code, content of what a node reads, or both.

A node is built when its key is another than that of what stands: the hash of its code
(`code_keys`) and of the content of its parents. Which of those below a changed node are built in
turn shows while they are at it: where the content of its parents came out the same, a node stands
(macros/dialect/keeping.sql). A test runs again when it, or the content of what it reads, is
another. Of a model whose code is another than that of the run before, the unit tests run too: the
data of a home may not show what is wrong with it. In a new home they do not, since there is no code
before; what ships has passed them in its own suite.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.database import connect, literal
from orchestration.keeping.code_keys import DATA, code_keys, kind_of
from orchestration.keeping.store import Store
from orchestration.settings import Home
from orchestration.transform import checks, dbt

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

READ_BY = "read_by"  # in the meta of a seed: the column by which its rows are read
PLANNED = "GREENPARK_PLANNED"  # said to macros/dialect/keeping.sql
TAG = "stale"
OWN_SCHEMAS = ("work", "main")
STANDS = ("pass", "warn")
UNIT_TESTS = ("unit_test",)

Told = Callable[[str, str], None]


def build(
    home: Home,
    store: Store,
    variables: dict[str, Any],
    parsed: dbt.Parsed,
    on_node: Told,
    with_tests: bool = True,
) -> list[dbt.NodeResult]:
    """Build and test what has changed; the result of every seed, model and data test.

    What stands as it was built before is `is_kept`; such a test has the outcome it had. If a model
    fails, no test runs.
    """
    manifest, place = parsed.manifest, dbt.run_place(home)
    codes = code_keys(manifest, variables)
    # What unit tests expect is that of a build without variables, such as a past edition.
    plain_codes = code_keys(manifest, {}) if variables else codes

    def run(node_ids: list[str], kinds: Sequence[str]) -> dict[str, dbt.NodeResult]:
        """Build or test some nodes in one go, and note which rows of a seed each read."""
        if not node_ids:
            return {}
        told = {} if kinds == UNIT_TESTS else variables
        with _tagged(manifest, node_ids):
            results = dbt.build_at(
                place, told, parsed, [f"tag:{TAG}"], kinds=kinds, on_node=on_node
            )
        with connect(store.database) as connection:
            _note_reads(connection, manifest, codes, results)
        return {r.unique_id: r for r in results if r.unique_id in node_ids or r.failed}

    with store.changing(), _planned():
        nodes = {
            node_id: _kept(node_id)
            for node_id, node in manifest.nodes.items()
            if node.resource_type in DATA
        }
        # Seeds first: of one that is read by the row it shows then which rows changed.
        for kind in ("seed", "model"):
            with connect(store.database) as connection:
                _prune(connection, manifest)
                untested = _untested(connection, manifest, plain_codes)
                _write_plan(connection, manifest, codes)
                stale = _stale(connection, manifest, kind)
            nodes |= run(stale, (kind,))
            if any(result.failed for result in nodes.values()):
                return _in_order(manifest, nodes)
        if not with_tests:
            return _in_order(manifest, nodes)
        with connect(store.database) as connection:
            _comment_on_sources(connection, manifest)
            tests, again = _tests(connection, manifest)
        worked = run(untested, UNIT_TESTS)
        sound = set(checks.soundness_checks(manifest)).intersection(again)
        ran = run([test for test in again if test not in sound], ("test",))
        if sound:
            checked = dbt.run_checks(place, variables, manifest, sorted(sound))
            with connect(store.database) as connection:
                _note_reads(connection, manifest, codes, checked)
            ran |= {result.unique_id: result for result in checked}
        with connect(store.database) as connection:
            _keep_tests(connection, [*ran.values()])
            if not any(result.failed for result in worked.values()):
                _note_tested(connection, plain_codes)
    return [*_in_order(manifest, nodes), *(tests | ran | worked).values()]


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
    nodes = [manifest.nodes.get(name) or manifest.unit_tests[name] for name in node_ids]
    for node in nodes:
        node.tags.append(TAG)
    try:
        yield
    finally:
        for node in nodes:
            node.tags.remove(TAG)


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
        "delete from work.built "
        "where key <> '' and not list_contains($1, split_part(node, '#', 1))",
        [[*manifest.nodes]],
    )


def _note_reads(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    codes: dict[str, str],
    results: list[dbt.NodeResult],
) -> None:
    """Which rows a node read of a seed that is read by the row, and its key by these alone."""
    seeds = {
        node_id: (f'"{node.schema}"."{node.alias}"', node.config.meta[READ_BY])
        for node_id, node in manifest.nodes.items()
        if kind_of(node) == "seed" and READ_BY in node.config.meta
    }
    rows = []
    for result in results:
        node = manifest.nodes.get(result.unique_id)
        if node is None or result.failed or result.is_kept or not result.sql:
            continue
        if node.config.materialized == "view":  # whose key is what others know of its content
            continue
        for seed, (relation, column) in seeds.items():
            if seed not in node.depends_on_nodes:
                continue
            one_row = (
                rf"select\s+value\s+from\s+\S*{re.escape(relation)}"
                rf"\s+where\s+{column}\s*=\s*'([^']*)'"
            )
            read = re.findall(one_row, result.sql)
            if read and len(read) == result.sql.count(relation):
                rows += [
                    [result.unique_id, codes[result.unique_id], seed, f"{seed}#{row}"]
                    for row in sorted(set(read))
                ]
    connection.execute(
        """
        create or replace temp table noted as
        select unnest($1::varchar[]) as node, unnest($2::varchar[]) as code,
            unnest($3::varchar[]) as seed, unnest($4::varchar[]) as parent
        """,
        [[row[place] for row in rows] for place in range(4)],
    )
    connection.execute(
        """
        begin;
        delete from work.reads where node in (select node from noted);
        insert into work.reads from noted;
        delete from work.plan as plan
        using (select distinct node, seed from noted) as found
        where plan.node = found.node and split_part(plan.parent, '#', 1) = found.seed;
        insert into work.plan select node, code, parent from noted;
        update work.built as built set key = keys.current_key
        from work.keys as keys
        where built.node = keys.node and built.node in (select node from noted);
        commit
        """
    )


def _write_plan(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, codes: dict[str, str]
) -> None:
    """The code of each node and what it reads: nodes by their id, sources by their table.

    Of a seed that is read by the row it is the rows that the same code read before.
    """
    reads: dict[tuple[str, str, str], list[str]] = {}
    for *read, parent in connection.execute("from work.reads order by all").fetchall():
        reads.setdefault((read[0], read[1], read[2]), []).append(parent)
    tables = {
        source_id: f"{source.schema}.{source.identifier}"
        for source_id, source in manifest.sources.items()
    }
    rows = []
    for node_id, code in codes.items():
        parents = [
            name
            for parent in dict.fromkeys(manifest.nodes[node_id].depends_on_nodes)
            for name in reads.get((node_id, code, parent), [tables.get(parent, parent)])
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


def _stale(connection: duckdb.DuckDBPyConnection, manifest: Manifest, kind: str) -> list[str]:
    """The nodes of a kind that are missing or of another key, and all that is below them."""
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
                    is_stale(parent)
                    for parent in node.depends_on_nodes
                    # Seeds are built by now, and what they hold is in the key.
                    if parent in keys and kind_of(manifest.nodes[parent]) == "model"
                )
            )
        return judged[node_id]

    return [
        node_id
        for node_id, node in manifest.nodes.items()
        if kind_of(node) == kind and is_stale(node_id)
    ]


def _untested(
    connection: duckdb.DuckDBPyConnection, manifest: Manifest, codes: dict[str, str]
) -> list[str]:
    """The unit tests of models of other code than that which passed them.

    A home that knows of none is new: its code counts as tested.
    """
    tested = dict(connection.execute("from work.tested").fetchall())
    if not tested:
        _note_tested(connection, codes)
        return []
    changed = {node for node, code in codes.items() if tested.get(node) != code}
    return [
        test_id
        for test_id, test in sorted(manifest.unit_tests.items())
        if changed.intersection(test.depends_on.nodes)
    ]


def _note_tested(connection: duckdb.DuckDBPyConnection, codes: dict[str, str]) -> None:
    connection.execute(
        """
        create or replace table work.tested as
        select unnest($1::varchar[]) as node, unnest($2::varchar[]) as code
        """,
        [[*codes], [*codes.values()]],
    )


def _comment_on_sources(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Describe the tables dbt does not build, as it describes those it does."""
    comments = [
        f"comment on table {source.schema}.{source.identifier} is "
        + literal(source.description.strip())
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
        if kind_of(node) == "test" and node_id not in known
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


def _in_order(manifest: Manifest, results: dict[str, dbt.NodeResult]) -> list[dbt.NodeResult]:
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
