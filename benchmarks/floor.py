"""The floor: the SQL of one refresh, straight in one DuckDB process.

    python -m benchmarks.floor HOME [--nodes N] [--only MODEL ... | --copy]

HOME holds kept work (of any refresh): what was landed, and the SQL that dbt compiled. Every
seed, model, test and check of soundness runs in dbt's order into a fresh file, on one thread and
within GREENPARK_MEMORY. Unit tests, which test the code and not the data, are left out. Printed are
the seconds of the wall and of the processor, these by kind too; with `--nodes` the dearest nodes,
with their rows. `--only` builds some models alone, from the kept tables; a second time, without
writing, tells what of it is writing. `--copy` writes the rows of every seed and model as they are
kept and counts nothing: no floor lies below it while these tables are written.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import OWN_STORAGE, connect
from orchestration.keeping.store import Store
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

KINDS = ("seed", "model", "test", "check", "copy")


@dataclass(frozen=True)
class Node:
    """One statement of the build: `creates` is the relation that it makes, if it makes one."""

    name: str
    kind: str
    sql: str
    creates: str = ""
    is_view: bool = False

    def statement(self) -> str:
        if not self.creates:
            return f"select count(*) from ({self.sql})"
        return f"create {'view' if self.is_view else 'table'} {self.creates} as {self.sql}"


def nodes(home: Home) -> list[Node]:
    """What a build runs, parents first, the checks of soundness last."""
    manifest = json.loads((home.target / "manifest.json").read_text(encoding="utf-8"))
    compiled = home.target / "compiled" / "greenpark"
    known: dict[str, dict[str, Any]] = manifest["nodes"]
    parents = {node_id: known[node_id]["depends_on"].get("nodes", ()) for node_id in known}
    last = []
    found = []
    for node_id in TopologicalSorter(parents).static_order():
        node = known.get(node_id)
        if node is None:
            continue
        kind, name = node["resource_type"], node["name"]
        relation = f"{node['schema']}.{node['alias']}"
        if kind == "seed":
            found.append(Node(name, kind, _seed(node), relation))
        elif kind == "model":
            path = compiled / node["original_file_path"]
            is_view = node["config"]["materialized"] == "view"
            found.append(Node(name, kind, path.read_text(encoding="utf-8"), relation, is_view))
        elif kind == "test":
            path = home.target / "compiled" / "checks" / f"{name}.sql"
            if path.is_file():
                last.append(Node(name, "check", path.read_text(encoding="utf-8")))
                continue
            path = compiled / node["original_file_path"]
            path = path / node["path"] if path.suffix == ".yml" else path
            found.append(Node(name, kind, path.read_text(encoding="utf-8")))
    return found + last


def _seed(node: dict[str, Any]) -> str:
    path = (PROJECT_ROOT / "dbt_project" / node["original_file_path"]).resolve()
    types = ", ".join(
        f"'{name}': '{kind}'" for name, kind in node["config"]["column_types"].items()
    )
    return f"select * from read_csv('{path}', columns = {{{types}}})"


def copied(work: list[Node]) -> list[Node]:
    """For each table that the work makes, the statement that copies the kept one."""
    return [
        replace(node, kind="copy", sql=f"select * from kept.{node.creates}")
        for node in work
        if node.creates and not node.is_view
    ]


def landed(connection: duckdb.DuckDBPyConnection, home: Home, beside: set[str]) -> None:
    """Views of the kept tables that no node in `beside` makes: what the landing made."""
    connection.execute(f"attach '{Store(home).database}' as kept (read_only)")
    for schema, name in connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_catalog = 'kept' and table_type = 'BASE TABLE' and table_schema <> 'main'"
    ).fetchall():
        connection.execute(f"create schema if not exists {schema}")
        if f"{schema}.{name}" not in beside:
            connection.execute(f"create view {schema}.{name} as select * from kept.{schema}.{name}")


def run(connection: duckdb.DuckDBPyConnection, work: list[Node]) -> Iterator[tuple[Node, float]]:
    """Run each node; with the seconds of the processor that it took."""
    for node in work:
        start = time.process_time()
        connection.execute(node.statement())
        yield node, time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--nodes", type=int, default=0, help="how many of the dearest are named")
    parser.add_argument("--only", nargs="+", default=[], help="these models alone")
    parser.add_argument("--copy", action="store_true", help="write the kept rows, count nothing")
    arguments = parser.parse_args()
    home = Home.resolve(arguments.home)
    work = nodes(home)
    if arguments.copy:
        work = copied(work)
    elif arguments.only:
        work = [
            replace(node, creates=f"built.{node.name}") if node.name in arguments.only else node
            for node in work
            if node.is_view or (node.kind == "model" and node.name in arguments.only)
        ]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, DATABASE_NAME)
        with connect(database, threads=1, **OWN_STORAGE) as connection:
            for schema in {node.creates.partition(".")[0] for node in work if node.creates}:
                connection.execute(f"create schema {schema}")
            landed(connection, home, {node.creates for node in work})
            began, used = time.perf_counter(), time.process_time()
            took = list(run(connection, work))
            connection.execute("checkpoint")
            wall, processor = time.perf_counter() - began, time.process_time() - used
            by_kind = dict.fromkeys(KINDS, 0.0)
            for node, seconds in took:
                by_kind[node.kind] += seconds
            print(f"{wall:.3f} {processor:.3f}")
            print(" ".join(f"{kind} {spent:.2f}" for kind, spent in by_kind.items() if spent))
            dearest = sorted(took, key=lambda pair: -pair[1])
            for node, seconds in dearest[: arguments.nodes or len(arguments.only)]:
                told = ""
                if node.creates and not node.is_view:
                    start = time.process_time()
                    told = f"{_rows(connection, node):>9,} rows"
                    if arguments.only:
                        connection.execute(f"explain analyze {node.sql}")
                        told += f", read {time.process_time() - start:.2f}"
                print(f"{seconds:7.2f}  {node.name} {told}")


def _rows(connection: duckdb.DuckDBPyConnection, node: Node) -> int:
    (rows,) = connection.execute(f"select count(*) from {node.creates}").fetchone() or (0,)
    return int(rows)


if __name__ == "__main__":
    main()
