"""Do builds of one input give one content? Under load, with other threads, memory, order of rows.

    python -m benchmarks.builds HOME [--times 50] [--whole 2] [--seed 4]

HOME is a published home with what it keeps, made by this code. Each build makes every node anew, in
a process and a home of its own, beside processes that keep a random number of cores busy. A build
from HOME's kept landing first puts every landed table, and every seed, in a random order; dbt and
DuckDB get random numbers of threads, a random limit of memory, and mostly no order of insertion, so
that whatever hangs on the order of rows shows. The first `--whole` of them are `greenpark refresh
--full`, from the files. What is compared with HOME is the hash of the content of every node, and of
whole ones that of every published table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.database import connect, identifier
from orchestration.keeping.store import OF_RUNS, Store
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

BUSY = "while True: sum(range(100_000))"
Said = dict[str, Any]


def chosen(chance: random.Random, is_whole: bool) -> Said:
    """What a build is made with."""
    return {
        "whole": is_whole,
        "seed": chance.randrange(2**31),
        "models at once": chance.choice((1, 2, 3, 5, 8)),
        "threads a query": 1 if is_whole else chance.choice((1, 1, 2, 4)),
        "memory": chance.choice(("700MB", "1GB", "2GB", "4GB")),
        "order of insertion": is_whole or chance.random() < 0.25,
        "busy": chance.choice((0, 0, 1, 3)),
    }


# --- in the process of a build -------------------------------------------------------------------


def build_here(root: str, said: Said) -> Said:
    """Build all nodes, or run a whole refresh; the hash of the content of each node."""
    from orchestration.transform import dbt

    home = Home.resolve(root).ensure()
    profiles = Path(root) / "profiles"
    profiles.mkdir()
    (profiles / "profiles.yml").write_text(_profile(said), encoding="utf-8")
    arguments = dbt._arguments

    def with_profile(*given: Any) -> list[str]:
        text = arguments(*given)
        text[text.index("--profiles-dir") + 1] = str(profiles)
        return text

    dbt._arguments = with_profile
    start = time.process_time()
    found = _refreshed(home) if said["whole"] else _nodes_built(home, said)
    contents = {
        node: content for node, content in Store(home).contents().items() if node not in OF_RUNS
    }
    return found | {"contents": contents, "cpu": time.process_time() - start}


def _profile(said: Said) -> str:
    profile = yaml.safe_load((PROJECT_ROOT / "dbt_project" / "profiles.yml").read_text())
    engine = profile["greenpark"]["outputs"]["duckdb"]
    engine["threads"] = said["models at once"]
    engine["settings"]["threads"] = said["threads a query"]
    engine["settings"]["preserve_insertion_order"] = said["order of insertion"]
    return yaml.safe_dump(profile)


def published_tables(home: Home) -> dict[str, str]:
    """The hash of the content of every table that readers see, but of those that tell of runs."""
    with duckdb.connect(str(home.database), read_only=True) as connection:
        rows = connection.execute(
            "select schema_name || '.' || table_name, row_count || ':' || content_hash "
            "from quality.table_hashes"
        ).fetchall()
    return {name: content for name, content in rows if name not in OF_RUNS}


def _refreshed(home: Home) -> Said:
    from orchestration.refresh import refresh

    code = refresh(home, [], full=True)
    return {"failed": [] if code == 0 else [f"refresh ended with {code}"],
            "tables": published_tables(home)}  # fmt: skip


def _nodes_built(home: Home, said: Said) -> Said:
    """Every model of landed tables and seeds whose rows are in an order of their own."""
    from orchestration.keeping import nodes
    from orchestration.publishing import releases
    from orchestration.transform import dbt

    store, stale = Store(home), nodes._stale
    landed = []
    with connect(store.database) as connection:
        for (name,) in connection.execute("select node from work.built where key = ''").fetchall():
            landed.append(tuple(name.split(".", 1)))
        connection.execute("delete from work.built where key <> ''; delete from work.reads")
        _shuffle(connection, landed, said["seed"])

    def shuffled_first(connection: Any, manifest: Any, kind: str) -> list[str]:
        if kind == "model":
            seeds = [n for n in manifest.nodes.values() if n.resource_type == "seed"]
            _shuffle(connection, [(seed.schema, seed.alias) for seed in seeds], said["seed"])
        return stale(connection, manifest, kind)

    nodes._stale = shuffled_first
    nodes._tests = lambda connection, manifest: ({}, [])  # they read what is compared
    with releases.run_lock(home):
        results = nodes.build(home, store, {}, dbt.parse(home), lambda node, status: None)
    return {
        "failed": [f"{r.unique_id}: {r.message}" for r in results if r.failed],
        "built": sum(not r.is_kept for r in results),
    }


def _shuffle(connection: Any, tables: list[tuple[str, ...]], seed: int) -> None:
    """Write tables anew, their rows in another order; what they hold is the same."""
    connection.execute(f"set threads = 1; select setseed({(seed % 1000) / 1000})")
    for table in tables:
        name = ".".join(map(identifier, table))
        connection.execute(
            f"begin; create or replace temp table shuffled as from {name} order by random(); "
            f"delete from {name}; insert into {name} from shuffled; drop table shuffled; commit"
        )


# --- many of them --------------------------------------------------------------------------------


def built(kept: Home, folder: Path, said: Said) -> Said:
    """One build in a process of its own, beside busy ones."""
    root = folder / "home"
    shutil.rmtree(root, ignore_errors=True)
    if not said["whole"]:
        (root / "kept").mkdir(parents=True)
        shutil.copyfile(kept.kept / DATABASE_NAME, root / "kept" / DATABASE_NAME)
        (root / "releases").mkdir()
        (root / ".greenpark").touch()
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(said["busy"])]
    code = (
        "import json, sys; from benchmarks.builds import build_here; "
        "found = build_here(*json.loads(sys.stdin.read())); "
        "print(json.dumps(found))"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps([str(root), said]),
            cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT), "GREENPARK_SITE": "off",
                              "GREENPARK_MEMORY": said["memory"]},
        )  # fmt: skip
    finally:
        for process in busy:
            process.kill()
            process.wait()
    if done.returncode:
        return {"failed": [done.stderr.strip()[-2000:]], "contents": {}, "cpu": 0}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> int:
    """Build again and again; say what differs, and fail if anything does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="a published home with what it keeps")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--whole", type=int, default=1, help="how many of them are whole refreshes")
    parser.add_argument("--seed", type=int, default=4)
    asked = parser.parse_args()
    home, chance = Home.resolve(asked.home), random.Random(asked.seed)
    expected = Store(home).contents()
    readers_see = published_tables(home)
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, asked.times + 1):
            said = chosen(chance, number <= asked.whole)
            found = built(home, Path(folder), said)
            contents = found["contents"]
            differing = [node for node in sorted(contents) if contents[node] != expected.get(node)]
            tables = found.get("tables", {})
            differing += [name for name in sorted(tables) if tables[name] != readers_see.get(name)]
            outcomes["failed" if found["failed"] else "differing" if differing else "equal"] += 1
            told = {"nodes": len(contents), "differing": differing, "failed": found["failed"]}
            print(json.dumps({"build": number, **said, **told, "cpu": round(found["cpu"])}))
            sys.stdout.flush()
    print(json.dumps(outcomes))
    return 0 if outcomes["equal"] == asked.times else 1


if __name__ == "__main__":
    sys.exit(main())
