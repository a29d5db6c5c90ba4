"""The published version over HTTP, for clients that cannot open the file: read-only, on loopback.

A request is one SQL and is answered whole or refused: an answer that is cut looks like a whole one
to most clients. Each request has a connection of its own to the version that is current, so a
refresh shows at the next request and one under way ends on the version it began with.
"""

from __future__ import annotations

import hmac
import io
import os
import secrets
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from orchestration import settings, words
from orchestration.errors import GreenparkError
from orchestration.publishing.opening import open_reader
from orchestration.serving import query
from orchestration.serving.ui import ADDRESS
from orchestration.settings import Home

TOKEN = "GREENPARK_TOKEN"  # not by an argument, which all users see
SHORTEST_TOKEN = 16
LONGEST_SQL = 1_000_000  # bytes
NO_PAGE = {"x-content-type-options": "nosniff"}  # an answer is no script
TYPES = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
}


@dataclass(frozen=True)
class Limits(query.Limits):
    """What one request may take; memory, threads and disk are those of all together."""

    seconds: int = 60
    rows: int = 100_000
    memory: str = "1GB"
    spill: str = "10GB"
    megabytes: int = 100  # of one answer
    at_once: int = 4  # queries that run; the next waits as long as a query may take


def token() -> str:
    """The token that clients must send: of the environment, or else one for this start."""
    given = os.environ.get(TOKEN, "")
    if given and len(given) < SHORTEST_TOKEN:
        raise GreenparkError(
            f"{TOKEN} is shorter than {SHORTEST_TOKEN} signs",
            "set a longer one, or unset it: one is made for each start",
        )
    return given or secrets.token_urlsafe()


class TooMuch(Exception):
    """An answer that is larger than it may be."""


class Text(io.StringIO):
    """A sink that takes so many bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def write(self, text: str) -> int:
        self._left -= len(text.encode())
        if self._left < 0:
            raise TooMuch
        return super().write(text)


@dataclass
class Version:
    """The version that requests are answered from, opened anew when another is current."""

    home: Home
    limits: Limits
    path: Path | None = None
    _connection: duckdb.DuckDBPyConnection | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cursor(self) -> tuple[duckdb.DuckDBPyConnection, str]:
        """A connection of its own to the current version, and the name of that version."""
        with self._lock:
            current = self.home.database.resolve()
            if self._connection is None or current != self.path:
                opened = open_reader(self.home, self.limits.memory, self.limits.settings())
                if self._connection is not None:
                    self._connection.close()  # cursors under way keep the file open
                # Not `current`: another version may have taken its place before it was opened.
                ((path,),) = opened.execute(
                    "select path from duckdb_databases() where database_name = current_database()"
                ).fetchall()
                self._connection, self.path = opened, Path(path)
            return self._connection.cursor(), self.path.parent.name


class Application:
    """Answers `/query`; an ASGI application."""

    def __init__(self, home: Home, port: int, token: str, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._version = Version(home, self.limits)
        self._token = token
        self._hosts = {f"{name}:{port}" for name in (ADDRESS, "localhost")}
        self._running = threading.BoundedSemaphore(self.limits.at_once)

    def open(self) -> None:
        """Open the current version; raises GreenparkError if it, or a limit, is no good."""
        try:
            self._version.cursor()[0].close()
        except duckdb.Error as error:
            raise GreenparkError(str(error), "correct the limits") from error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = await self._answer(Request(scope, receive))
            await answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, request: Request) -> Response:
        # A name that was pointed at this machine is none of ours. A page of elsewhere says so, or
        # its browser: a password that was typed once goes with each picture and frame.
        headers = request.headers
        by_page = "origin" in headers or headers.get("sec-fetch-site", "none") != "none"
        if headers.get("host") not in self._hosts or by_page:
            return _refusal(403, "only programs on this machine are answered")
        if not self._may(request.headers.get("authorization", "")):
            answer = _refusal(401, "send the token that `greenpark serve` printed")
            answer.headers["www-authenticate"] = 'Basic realm="greenpark", charset="UTF-8"'
            return answer
        if request.url.path != "/query" or request.method not in ("GET", "POST"):
            return _refusal(404, "ask /query by GET or POST")
        wanted = _form(request)
        if wanted is None:
            return _refusal(406, f"formats are {', '.join(TYPES)}")
        sql = request.query_params.get("sql", "")
        if request.method == "POST":
            body = b""
            async for part in request.stream():
                body += part
                if len(body) > LONGEST_SQL:
                    return _refusal(413, "the SQL is too long")
            try:
                sql = body.decode()
            except UnicodeDecodeError:
                return _refusal(400, "give the SQL as UTF-8 text")
        return await run_in_threadpool(self._run, sql, wanted)

    def _may(self, header: str) -> bool:
        """Whether a request has the token: as bearer, or as password of any name."""
        kind, _, said = header.partition(" ")
        if kind.lower() == "basic":
            try:
                said = b64decode(said, validate=True).decode().partition(":")[2]
            except ValueError:
                return False
        elif kind.lower() != "bearer":
            return False
        return hmac.compare_digest(said.encode(), self._token.encode())

    def _run(self, sql: str, form: str) -> Response:
        try:
            with self._turn(), self._reading() as (cursor, name):
                body = self._body(cursor, sql, form)
        except (TooMuch, MemoryError):
            most = f"{self.limits.rows} rows or {self.limits.megabytes} MB"
            return _refusal(413, f"the answer has more than {most}: narrow the query")
        except TimeoutError:
            answer = _refusal(503, "too many queries run: ask again later")
            answer.headers["retry-after"] = str(self.limits.seconds)
            return answer
        except GreenparkError as error:
            if isinstance(error.__cause__, duckdb.OutOfMemoryException):
                return _refusal(413, "the query takes more memory than it may: narrow it")
            return PlainTextResponse(error.told() + "\n", status_code=400)
        except KeyboardInterrupt:
            return _refusal(400, "the query was stopped")
        return Response(body, media_type=TYPES[form], headers=NO_PAGE | {"greenpark-version": name})

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until fewer queries run than may."""
        if not self._running.acquire(timeout=self.limits.seconds):
            raise TimeoutError
        try:
            yield
        finally:
            self._running.release()

    @contextmanager
    def _reading(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
        cursor, name = self._version.cursor()
        try:
            with query.within(cursor, self.limits.seconds):
                yield cursor, name
        finally:
            cursor.close()

    def _body(self, cursor: duckdb.DuckDBPyConnection, sql: str, form: str) -> bytes:
        most = self.limits.megabytes * 1_000_000
        if form == "arrow":
            return query.arrow_stream(cursor, sql, self.limits.rows, most, TooMuch)
        found = query.run(cursor, sql)
        sink = Text(most)
        query.write(query.Result(found.columns, _within(found.rows, self.limits.rows)), sink, form)
        return sink.getvalue().encode()


def _within(rows: Iterator[tuple[Any, ...]], most: int) -> Iterator[tuple[Any, ...]]:
    yield from islice(rows, most)
    if next(rows, None) is not None:
        raise TooMuch


def _form(request: Request) -> str | None:
    """The format that a request asks for: by its parameter, else by what it accepts, else JSON."""
    named = request.query_params.get("format")
    if named is not None:
        return named if named in TYPES else None
    accepted = request.headers.get("accept", "")
    return next((form for form, kind in TYPES.items() if kind.split(";")[0] in accepted), "json")


def _refusal(status: int, text: str) -> Response:
    return PlainTextResponse(words.say(text) + "\n", status_code=status)


def serve(application: Application, port: int) -> None:
    """Answer requests on loopback until the process is told to stop.

    The process itself may take `reserve` more than its queries: what DuckDB hands over in one
    batch is not in its own limit (2048 texts of a megabyte were 1.4 GB).
    """
    import resource

    import uvicorn

    most = settings.size_bytes(application.limits.memory) + application.limits.reserve
    resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    uvicorn.run(
        application,
        host=ADDRESS,
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
    )
