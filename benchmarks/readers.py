"""Whole refreshes under readers of every kind: does each read see one whole version?

    python -m benchmarks.readers HOME [--refreshes 200] [--readers 16] [--superset] [--minutes 60]

HOME is a published home. A copy is refreshed again and again, each time with another balance of one
province; one old version alone is kept. Readers ask all the time which version it is and what three
of its tables say of that province: by the path of the file, by a connection that stays, by Parquet
and its manifest, by `greenpark query`, by HTTP (`greenpark serve`), and by Superset where that is
asked for (`make superset`). What was read has to be what that version holds, and no older version
than the same reader saw before. Without Superset nothing is noted in `benchmarks/soak.csv`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

import duckdb

from benchmarks import soak
from benchmarks.twice import province
from orchestration.bi import server
from orchestration.publishing import integrity, opening
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT, Home

REGION = "340000"
# The same balance as a table of marts, as a view of several, and as what it was computed from.
NUMBERS = f"""
    select
        (select any_value(version) from quality.published_version) as version,
        (select sum(co2_t) from bi.province_year where region_code = '{REGION}') as of_view,
        (select sum(co2_t) from all_levels.region_co2 where region_code = '{REGION}') as of_table,
        (select sum(energy_tce) from bi.province_year where region_code = '{REGION}') as energy
"""
LANDED = "energy_yearbook_energy_balance"
ENVIRONMENT = os.environ | {"PYTHONPATH": str(PROJECT_ROOT)}
Numbers = tuple[Any, ...]
Read = Callable[[], Numbers]


def same(one: Numbers | None, other: Numbers | None) -> bool:
    """Whether two reads gave the same; threads may add up in another order."""
    if one is None or other is None or len(one) != len(other):
        return one is other
    return one[0] == other[0] and all(
        a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-12))
        for a, b in zip(one[1:], other[1:], strict=True)
    )


def _retried(read: Callable[[], Any]) -> Any:
    """As docs/connect.md says: a version may be pruned between the steps of opening it."""
    for left in reversed(range(20)):
        try:
            return read()
        except (OSError, duckdb.IOException):
            if not left:
                raise
            time.sleep(0.05)
    raise AssertionError


def of_path(home: Home) -> Read:
    """Opens the path anew each time, as a script does."""

    def read() -> Numbers:
        with _retried(lambda: duckdb.connect(str(home.database), read_only=True)) as connection:
            return tuple(connection.execute(NUMBERS).fetchone() or ())

    return read


def of_connection(home: Home) -> Read:
    """Keeps a connection for twenty reads: what it says may not change meanwhile."""
    kept: list[Any] = []

    def read() -> Numbers:
        if not kept or kept[1] % 20 == 0:
            if kept:
                kept[0].close()
            kept[:] = [opening.open_reader(home), 0, None]
        kept[1] += 1
        found = tuple(kept[0].execute(NUMBERS).fetchone() or ())
        if kept[2] is not None and not same(kept[2], found):
            raise ValueError(f"a connection that stayed gave {kept[2]}, then {found}")
        kept[2] = found
        return found

    return read


def of_parquet(home: Home) -> Read:
    """The landed files that the manifest names."""

    def once() -> Numbers:
        text = (home.current / "landing" / "manifest.json").read_text(encoding="utf-8")
        manifest = json.loads(text)
        files = [str(home.root / file) for file in manifest["tables"][LANDED]]
        return (manifest["version"], *_landed(files))

    return lambda: _retried(once)


def _landed(files: list[str]) -> Numbers:
    sql = (
        "select count(*), sum(try_cast(number_text as double)) "
        f"from read_parquet($1, union_by_name = true) where region_code = '{REGION}'"
    )
    return tuple(duckdb.connect().execute(sql, [files]).fetchone() or ())


def of_query(home: Home) -> Read:
    """The command."""

    def read() -> Numbers:
        done = subprocess.run(
            [sys.executable, "-m", "orchestration.cli", "query", NUMBERS, "--format", "json",
             "--home", str(home.root)],
            capture_output=True, text=True, env=ENVIRONMENT, check=False,
        )  # fmt: skip
        if done.returncode:
            raise ValueError(done.stderr)
        return tuple(json.loads(done.stdout)[0].values())

    return read


def of_http(port: int, token: str) -> Read:
    """A request to `greenpark serve`; its header names the version that answers."""

    def read() -> Numbers:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        line.request("POST", "/query", NUMBERS, headers)
        answer = line.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise ValueError(f"{answer.status}: {said[:300]!r}")
        found = tuple(json.loads(said)[0].values())
        if answer.headers["greenpark-version"] != found[0]:
            raise ValueError(f"{answer.headers['greenpark-version']} said it was {found[0]}")
        return found

    return read


def of_superset(home: Home, port: int) -> Read:
    """A query of an analyst in SQL Lab."""
    address = f"http://{server.ADDRESS}:{port}"
    opener = build_opener(HTTPCookieProcessor())
    headers = {"Content-Type": "application/json", "Referer": address}

    def ask(path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with opener.open(Request(address + path, data=data, headers=headers), timeout=300) as said:
            return json.loads(said.read())

    passwords = json.loads(server.passwords_file(home).read_text(encoding="utf-8"))
    said = {"username": "analyst", "password": passwords["analyst"], "provider": "db"}
    token = ask("/api/v1/security/login", said)["access_token"]
    headers["Authorization"] = f"Bearer {token}"
    headers["X-CSRFToken"] = ask("/api/v1/security/csrf_token/")["result"]
    (database,) = (row["id"] for row in ask("/api/v1/database/")["result"])
    asked = {"database_id": database, "sql": NUMBERS, "schema": "bi", "runAsync": False}
    return lambda: tuple(ask("/api/v1/sqllab/execute/", asked)["data"][0].values())


# --- what is started -----------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(address: str, process: subprocess.Popen[Any]) -> None:
    for _ in range(900):
        if process.poll() is not None:
            raise RuntimeError(f"{address} ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 1):
                return
        except OSError:
            time.sleep(1)
    raise TimeoutError(address)


@contextmanager
def started(
    command: list[str], environment: dict[str, str], port: int, log: Path
) -> Iterator[None]:
    """A server on a port, as long as it is needed."""
    with log.open("w") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=PROJECT_ROOT, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _answers(f"127.0.0.1:{port}", process)
        yield
    finally:
        process.terminate()
        process.wait(60)


class Watch:
    """What each version holds, and what the readers saw."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.holds: dict[str, tuple[Numbers, Numbers]] = {}
        self.order: list[str] = []
        self.seen: dict[tuple[str, int], list[Numbers]] = {}
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self.over = threading.Event()

    def note(self) -> None:
        """Look into the version that is current, before the next can prune it."""
        path = self.home.current.resolve()
        with duckdb.connect(str(path / DATABASE_NAME), read_only=True) as connection:
            numbers = tuple(connection.execute(NUMBERS).fetchone() or ())
        manifest = json.loads((path / "landing" / "manifest.json").read_text(encoding="utf-8"))
        files = [str(self.home.root / file) for file in manifest["tables"][LANDED]]
        self.holds[str(numbers[0])] = numbers, (manifest["version"], *_landed(files))
        self.order.append(str(numbers[0]))

    def read(self, kind: str, number: int, read: Read) -> None:
        """Read until it is over; an error ends this reader and is a fault."""
        found = self.seen.setdefault((kind, number), [])
        while not self.over.is_set():
            try:
                said = read()
            except Exception as error:
                self.faults.append(f"{kind} {number}: {error!r}")
                break
            if not found or not same(found[-1], said):
                found.append(said)
            self.counts[kind] += 1
            time.sleep(0.05)

    def judge(self) -> None:
        """Compare what was seen with what there was."""
        for (kind, number), found in self.seen.items():
            places = []
            for said in found:
                name = str(said[0])
                if name not in self.holds:
                    self.faults.append(f"{kind} {number}: {said}, which no version holds")
                    continue
                if not same(said, self.holds[name][kind == "parquet"]):
                    self.faults.append(f"{kind} {number}: {said}, {self.holds[name]} is held")
                places.append(self.order.index(name))
            if places != sorted(places):
                self.faults.append(f"{kind} {number}: went back, {places}")


def refreshed(home: Home, data: Path, number: int) -> None:
    """Another balance of the province, and a whole refresh."""
    province(REGION, 0.3 + number / 1000)(PROJECT_ROOT, data, {})
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "refresh", "--home", str(home.root),
         "--data", str(data), "--because", "the benchmark has another clone"],
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
        env=ENVIRONMENT | {"GREENPARK_KEEP": "1"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])


def run(asked: argparse.Namespace, root: Path) -> tuple[int, Watch]:
    """Refresh under readers; how often, and what they saw."""
    subprocess.run(["cp", "-a", asked.home, root / "home"], check=True)
    home, data = Home.resolve(root / "home"), root / "data"
    refreshed(home, data, 0)
    watch = Watch(home)
    watch.note()
    token, port, other = secrets.token_hex(), _free_port(), _free_port()
    command = [sys.executable, "-m", "orchestration.cli", "serve", "--home", str(home.root)]
    environment = ENVIRONMENT | {"GREENPARK_TOKEN": token}
    with started([*command, "--port", str(port)], environment, port, root / "serve.log"):
        kinds: list[tuple[str, Callable[[], Read]]] = [
            ("path", lambda: of_path(home)),
            ("connection", lambda: of_connection(home)),
            ("parquet", lambda: of_parquet(home)),
            ("http", lambda: of_http(port, token)),
            ("query", lambda: of_query(home)),
        ]
        if not asked.superset:
            return _under(watch, kinds, asked, data), watch
        server.prepare(home)
        zipped = server.bi_folder(home) / "bundle.zip"
        server.write_bundle(home, zipped)
        server.import_bundle(home, zipped, other, "en")
        said = server.environment(home, other, "en")
        with started([*server.command(other)], said, other, root / "superset.log"):
            kinds.insert(0, ("superset", lambda: of_superset(home, other)))
            return _under(watch, kinds, asked, data), watch


def _under(
    watch: Watch, kinds: list[tuple[str, Callable[[], Read]]], asked: argparse.Namespace, data: Path
) -> int:
    readers = [
        threading.Thread(target=watch.read, args=(kind, number, make()), daemon=True)
        for number in range(asked.readers)
        for kind, make in [kinds[number % len(kinds)]]
    ]
    for reader in readers:
        reader.start()
    until, done = time.monotonic() + 60 * asked.minutes, 0
    try:
        while done < asked.refreshes and time.monotonic() < until:
            done += 1
            refreshed(watch.home, data, done)
            watch.note()
            told = f"{dict(watch.counts)} reads, {len(watch.faults)} faults"
            print(f"{done} refreshes, {told}", flush=True)
    finally:
        watch.over.set()
        for reader in readers:
            reader.join(300)
    watch.judge()
    return done


def main() -> int:
    """Refresh and read; fail if a reader saw anything but one whole version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--refreshes", type=int, default=200)
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--superset", action="store_true")
    parser.add_argument("--minutes", type=int, default=600, help="then no refresh is begun")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done, watch = run(asked, Path(folder))
        damaged = integrity.damage(watch.home.current.resolve())
    versions = {kind: len({n[0] for n in found}) for (kind, _), found in watch.seen.items()}
    told = f"{dict(watch.counts)} reads, of so many versions {versions}"
    print(f"{done} refreshes, {asked.readers} readers: {told}")
    print(*(watch.faults or ["no fault"]), sep="\n")
    if asked.superset and asked.readers >= 16:
        soak.note("refreshes", done, 0, len(watch.faults))
    return 1 if watch.faults or damaged else 0


if __name__ == "__main__":
    sys.exit(main())
