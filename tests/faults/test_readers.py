"""Readers of four kinds while versions are published and pruned: each sees one whole version.

A version has its number in every table and every Parquet file. A reader that finds two numbers at
once, a number lower than one it found before, or no version, has failed. The suite publishes a few
under four readers, `make soak` hundreds under sixteen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from benchmarks import readers, soak
from orchestration.publishing import parquet_manifest, releases
from orchestration.settings import PROJECT_ROOT, Home

PUBLISHES = int(os.environ.get("GREENPARK_SOAK_PUBLISHES", "15"))
READERS = int(os.environ.get("GREENPARK_SOAK_READERS", "4"))
TABLES = ("bi.a", "bi.b", "emissions.c")
READER = """
import json, os, subprocess, sys, time
from pathlib import Path
import duckdb
from orchestration.publishing import opening
from orchestration.settings import Home

kind, root, tables = sys.argv[1], Path(sys.argv[2]), sys.argv[3].split(",")
home, seen, kept, rounds = Home.resolve(root), 0, None, 0
numbers = " union ".join(f"select number from {table}" for table in tables)
TIRED = 100

def opened(path):  # docs/connect.md: a version may be pruned between the steps of opening it
    for left in reversed(range(20)):
        try:
            return duckdb.connect(path, read_only=True)
        except duckdb.IOException:
            if not left:
                raise
            time.sleep(0.05)

def of_path():
    with opened(str(root / "current" / "greenpark.duckdb")) as connection:
        return connection.execute(numbers).fetchall()

def of_one_that_stays():
    global kept, rounds
    rounds += 1
    if kept is None or rounds % 20 == 0:
        if kept is not None:
            kept[0].close()
        connection = opening.open_reader(home)
        kept = connection, connection.execute(numbers).fetchall()
    found = kept[0].execute(numbers).fetchall()
    assert found == kept[1], (found, kept[1])
    return found

def of_parquet():
    for left in reversed(range(20)):
        try:
            text = (root / "current" / "landing" / "manifest.json").read_text()
            files = [str(root / f) for names in json.loads(text)["tables"].values() for f in names]
            sql = "select distinct number from read_parquet($1)"
            return duckdb.execute(sql, [files]).fetchall()
        except (OSError, duckdb.IOException):
            if not left:
                raise
            time.sleep(0.05)

def of_query():
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "query", numbers, "--format", "json"],
        capture_output=True, text=True, env=os.environ | {"GREENPARK_HOME": str(root)})
    assert done.returncode == 0, done.stderr
    return [tuple(row.values()) for row in json.loads(done.stdout)]

read = {"path": of_path, "stays": of_one_that_stays, "parquet": of_parquet, "query": of_query}[kind]
count = 0
print("there", flush=True)
while not (root / "over").exists():
    found = read()
    count += 1
    if len(found) != 1 or found[0][0] < seen:
        sys.exit(f"{kind}: {found} after {seen}")
    seen = found[0][0]
    time.sleep(0.01)
print(json.dumps([kind, count, seen]))
"""


def publish(home: Home, number: int) -> None:
    version = f"20261122T{number:06d}Z-run"
    with releases.run_lock(home):
        database = releases.new_build(home, "run")
        with duckdb.connect(str(database)) as connection:
            for table in TABLES:
                connection.execute(f"create schema if not exists {table.split('.')[0]}")
                connection.execute(f"create table {table} as select {number} as number")
            for part in range(6):
                folder = database.parent / "landing" / f"t{part % 2}" / f"vintage={2000 + part}"
                folder.mkdir(parents=True)
                connection.execute(f"copy (select {number} as number) to '{folder}/data_0.parquet'")
        parquet_manifest.write(home, database.parent / "landing", version)
        (database.parent / "version.json").write_text("{}")
        releases.seal(database)
        releases.publish(home, database.parent, version)


def test_readers_see_whole_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENPARK_KEEP", "1")  # so that what is read now is soon pruned
    home = Home.resolve(tmp_path / "home")
    publish(home, 1)
    kinds = [("path", "stays", "parquet", "query")[n % 4] for n in range(READERS)]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", READER, kind, str(home.root), ",".join(TABLES)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        )
        for kind in kinds
    ]  # fmt: skip
    try:
        for reader in started:
            assert reader.stdout.readline() == "there\n", reader.stderr.read()
        for number in range(2, PUBLISHES + 2):
            publish(home, number)
            time.sleep(0.02)
        (home.root / "over").touch()
        ends = [reader.communicate(timeout=300) for reader in started]
    finally:
        for reader in started:
            reader.kill()
    assert [said for _, said in ends if said] == []
    reads: Counter[str] = Counter()
    for told, _ in ends:
        kind, count, seen = json.loads(told)
        reads[kind] += count
        assert 1 <= seen <= PUBLISHES + 1
    print(f"{PUBLISHES} publishes, {READERS} readers: {dict(reads)} whole versions")
    assert reads["path"] > PUBLISHES / 4 and min(reads.values()) > 0
    if READERS >= 16:
        soak.note("publishes", PUBLISHES, 0)


def test_a_manifest_names_the_files_of_its_own_version(tmp_path: Path) -> None:
    """What is listed through `current` may be of two versions; what the manifest names may not."""
    home = Home.resolve(tmp_path / "home")
    publish(home, 1)
    said = json.loads((home.current / "landing" / parquet_manifest.MANIFEST).read_text())
    publish(home, 2)
    assert said["version"] == "20261122T000001Z-run"
    assert {table: len(files) for table, files in said["tables"].items()} == {"t0": 3, "t1": 3}
    for files in said["tables"].values():
        paths = [str(home.root / file) for file in files]
        assert duckdb.execute(
            "select distinct number from read_parquet($1)", [paths]
        ).fetchall() == [(1,)]


# --- whole refreshes: python -m benchmarks.readers -----------------------------------------------


def test_readers_of_a_refresh_say_what_its_version_holds(published_home: Home) -> None:
    watch = readers.Watch(published_home)
    watch.note()
    (version,) = watch.order
    held, landed = watch.holds[version]
    assert version == landed[0] == published_home.current.resolve().name
    for make in (readers.of_path, readers.of_connection):
        assert readers.same(make(published_home)(), held)
    assert readers.same(readers.of_parquet(published_home)(), landed)


def test_what_a_reader_may_not_see_is_a_fault(tmp_path: Path) -> None:
    watch = readers.Watch(Home.resolve(tmp_path))
    watch.order = ["a", "b"]
    watch.holds = {"a": (("a", 1.0), ("a", 10.0)), "b": (("b", 2.0), ("b", 20.0))}
    watch.seen = {
        ("path", 0): [("a", 1.0), ("b", 2.0)],
        ("parquet", 1): [("a", 10.0), ("b", 20.0)],
        ("http", 2): [("a", 1.0 + 1e-15)],  # as threads add up
    }
    watch.judge()
    assert watch.faults == []
    watch.seen = {("path", 0): [("a", 2.0)], ("http", 1): [("c", 1.0)]}
    watch.seen["query", 2] = [("b", 2.0), ("a", 1.0)]
    watch.judge()
    assert [fault.split(":")[0] for fault in watch.faults] == ["path 0", "http 1", "query 2"]
