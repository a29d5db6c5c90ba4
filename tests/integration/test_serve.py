"""`greenpark serve`: SQL over real sockets, read-only, with a token, within limits."""

from __future__ import annotations

import base64
import csv
import http.client
import io
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pytest
import uvicorn
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from orchestration.errors import GreenparkError
from orchestration.publishing.opening import open_reader
from orchestration.serving import network
from orchestration.serving.network import ADDRESS, TOKEN, Application, Limits, token
from orchestration.settings import PROJECT_ROOT, Home, size_bytes

SAID = "the-token-of-this-start"
QUERY = "select year, co2_t from bi.province_year where co2_t is not null order by year"
SMALL = Limits(seconds=1, rows=1000, megabytes=1, at_once=2, memory="50MB")
# The recipe of docs/connect.md, as it stands there.
NODE = re.search(
    r"^## Over the network .*?```js\n(.*?)```",
    (PROJECT_ROOT / "docs" / "connect.md").read_text(encoding="utf-8"),
    re.M | re.S,
)


class Door(NamedTuple):
    """A server that runs, and how a client asks it."""

    port: int

    def ask(self, sql: str, path: str = "/query", **headers: str) -> tuple[int, bytes, Any]:
        """Status, body and headers of an answer."""
        client = http.client.HTTPConnection(ADDRESS, self.port, timeout=30)
        sent = {"authorization": f"Bearer {SAID}"} | headers
        client.request("POST" if sql else "GET", path, sql or None, sent)
        answer = client.getresponse()
        body = answer.read()
        client.close()
        return answer.status, body, answer.headers


@contextmanager
def served(home: Home, limits: Limits) -> Iterator[Door]:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port = probe.getsockname()[1]
    application = Application(home, port, SAID, limits)
    application.open()
    config = uvicorn.Config(application, host=ADDRESS, port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Door(port)
    server.should_exit = True
    thread.join()


def _publish(root: Path, version: str, value: int) -> None:
    """A version with one table, made current as a refresh does it."""
    folder = root / "releases" / version
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "greenpark.duckdb")) as connection:
        connection.execute(f"create table told as select {value} as value")
    link = root / "next"
    link.symlink_to(folder)
    link.replace(root / "current")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Door, Path]]:
    """A server of a home with one table, within narrow limits."""
    root = tmp_path_factory.mktemp("home")
    _publish(root, "v0", 0)
    with served(Home.resolve(root), SMALL) as door:
        yield door, root


@pytest.fixture(scope="module")
def door(published_home: Home) -> Iterator[Door]:
    with served(published_home, Limits(memory="500MB")) as door:
        yield door


def test_python_reads_the_published_numbers(
    door: Door, warehouse: duckdb.DuckDBPyConnection
) -> None:
    expected = warehouse.execute(QUERY).fetchall()
    assert len(expected) > 5
    status, body, headers = door.ask(QUERY)
    assert (status, headers.get_content_type()) == (200, "application/json")
    assert [tuple(row.values()) for row in json.loads(body)] == expected
    status, body, headers = door.ask(QUERY, accept="text/csv")
    assert headers.get_content_type() == "text/csv"
    head, *rows = csv.reader(io.StringIO(body.decode()))
    assert head == ["year", "co2_t"]
    assert [(int(year), float(co2_t)) for year, co2_t in rows] == expected
    _, body, _ = door.ask(QUERY, "/query?format=arrow")
    assert [tuple(row.values()) for row in pa.ipc.open_stream(body).read_all().to_pylist()] == (
        expected
    )


def test_node_reads_the_published_numbers(door: Door, warehouse: duckdb.DuckDBPyConnection) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node on this machine")
    assert NODE is not None
    recipe = NODE[1].replace(":8642", f":{door.port}") + "console.log(JSON.stringify(rows))"
    said = subprocess.run(
        [node, "--input-type=module", "-e", recipe],
        capture_output=True,
        check=True,
        env=os.environ | {TOKEN: SAID},
    )
    expected = warehouse.execute(
        "select year, co2_t from bi.province_year order by year"
    ).fetchall()
    assert [tuple(row.values()) for row in json.loads(said.stdout)] == expected


def test_a_spreadsheet_asks_by_address_and_password(small: tuple[Door, Path]) -> None:
    secret = base64.b64encode(f"anybody:{SAID}".encode()).decode()
    path = "/query?sql=select%2042%20as%20a&format=csv"
    assert small[0].ask("", path, authorization=f"Basic {secret}")[:2] == (200, b"a\n42\n")


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"authorization": ""}, "/query", 401),
        ({"authorization": "Bearer wrong"}, "/query", 401),
        ({"authorization": f"Digest {SAID}"}, "/query", 401),
        ({"authorization": "Basic !!"}, "/query", 401),
        ({"host": "pointed.here.example:80"}, "/query", 403),
        ({"origin": "http://elsewhere.example"}, "/query", 403),
        ({"sec-fetch-site": "cross-site"}, "/query", 403),
        ({}, "/", 404),
        ({}, "/query?format=xml", 406),
    ],
)
def test_who_may_not_ask_is_told(
    small: tuple[Door, Path], headers: dict[str, str], path: str, status: int
) -> None:
    assert small[0].ask("select 1", path, **headers)[0] == status
    assert small[0].ask("select 1")[0] == 200


@pytest.mark.parametrize(
    ("sql", "status", "said"),
    [
        ("create table mine as select 1", 400, "read-only"),
        ("delete from told", 400, "read-only"),
        ("copy (select 1) to 'out.csv'", 400, "disabled"),
        ("from read_text('/etc/hostname')", 400, "disabled"),
        ("attach 'other.duckdb'", 400, "disabled"),
        ("install httpfs", 400, "disabled"),
        ("set memory_limit = '10GB'", 400, "locked"),
        ("set threads = 64", 400, "locked"),
        ("call enable_logging(storage = 'file')", 400, "log"),
        (
            "from query('from enable' || '_logging(storage=''file'', storage_path=''l'')')",
            400,
            "query",
        ),
        ("selec 1", 400, "syntax"),
        ("from range(1001)", 413, "1000 rows"),
        ("select repeat('x', 2000000)", 413, "1 MB"),
        ("select sum(a.range) from range(10000000) as a, range(10000000) as b", 400, "1 s"),
        ("select list(range) from range(8000000)", 413, "memory"),
        ("x" * 1_000_001, 413, "too long"),
    ],
)
def test_what_is_not_done_is_told(
    small: tuple[Door, Path], sql: str, status: int, said: str
) -> None:
    door, root = small
    found, body, _ = door.ask(sql)
    assert found == status, body
    assert said.lower() in body.decode().lower()
    # It goes on answering, and what it answers from is as it was.
    assert json.loads(door.ask("from told")[1]) == [{"value": 0}]
    assert sorted(path.name for path in root.iterdir()) in (
        ["current", "releases"],
        ["current", "releases", "tmp"],
    )


def test_no_websocket_opens(small: tuple[Door, Path]) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://{ADDRESS}:{small[0].port}/query")


def test_what_one_request_makes_the_next_does_not_see(small: tuple[Door, Path]) -> None:
    assert small[0].ask("create temp table mine as select 1 as a; from mine")[0] == 200
    assert small[0].ask("from mine")[0] == 400


def test_a_refresh_shows_at_the_next_request(small: tuple[Door, Path]) -> None:
    """Versions are swapped under six clients that ask without a pause."""
    door, root = small
    answers: list[tuple[int, int, str]] = []
    is_over = threading.Event()

    def client() -> None:
        while not is_over.is_set():
            status, body, headers = door.ask("from told")
            answers.append((status, json.loads(body)[0]["value"], headers["greenpark-version"]))

    clients = [threading.Thread(target=client) for _ in range(6)]
    for each in clients:
        each.start()
    try:
        for number in range(1, 9):
            _publish(root, f"v{number}", number)
            shutil.rmtree(root / "releases" / f"v{number - 1}")
            status, body, headers = door.ask("from told")
            assert (status, json.loads(body)) == (200, [{"value": number}])
            assert headers["greenpark-version"] == f"v{number}"
    finally:  # a fault is told by threads that have ended
        is_over.set()
        for each in clients:
            each.join()
    assert len(answers) > 8
    assert [found for found in answers if found[0] != 200 or found[2] != f"v{found[1]}"] == []


def test_the_version_that_is_told_is_the_one_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another becomes current while it is opened."""

    def opened(home: Home, *limits: Any) -> duckdb.DuckDBPyConnection:
        _publish(tmp_path, "v1", 1)
        return open_reader(home, *limits)

    _publish(tmp_path, "v0", 0)
    monkeypatch.setattr(network, "open_reader", opened)
    cursor, version = network.Version(Home.resolve(tmp_path), SMALL).cursor()
    assert (cursor.execute("from told").fetchall(), version) == ([(1,)], "v1")


def test_the_next_query_waits_and_then_is_refused(small: tuple[Door, Path]) -> None:
    """Two queries may run here; a third that finds no turn in time is told to come back."""
    slow = "select sum(a.range) from range(10000000) as a, range(10000000) as b"
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(small[0].ask(slow)[0])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) <= {400, 503}
    assert 503 in found
    assert small[0].ask("select 1")[0] == 200


def test_the_token_is_kept_or_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    assert len(token()) > 30
    assert token() != token()
    monkeypatch.setenv(TOKEN, SAID)
    assert token() == SAID
    monkeypatch.setenv(TOKEN, "short")
    with pytest.raises(GreenparkError, match="shorter"):
        token()


def test_a_wrong_limit_is_told(small: tuple[Door, Path]) -> None:
    assert (size_bytes("1.5GB"), size_bytes("2MiB")) == (1_500_000_000, 2 * 2**20)
    with pytest.raises(GreenparkError, match="no size"):
        size_bytes("much")
    _publish(small[1] / "other", "v0", 0)
    application = Application(Home.resolve(small[1] / "other"), 1, SAID, Limits(memory="much"))
    with pytest.raises(GreenparkError):
        application.open()
    shutil.rmtree(small[1] / "other")
