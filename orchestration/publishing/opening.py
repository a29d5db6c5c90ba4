"""Opens a file of the current version for reading."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress

import duckdb

from orchestration import scratch, settings
from orchestration.database import literal, one
from orchestration.errors import GreenparkError
from orchestration.publishing import audiences
from orchestration.settings import Home

_opening_reader = threading.Lock()
OPENED_AT_MOST, PAUSE_S = 20, 0.05


def open_reader(
    home: Home,
    memory_limit: str | None = None,
    limits: Mapping[str, str] | None = None,
    readers: audiences.Name = "admin",
) -> duckdb.DuckDBPyConnection:
    """Open a file of the current version read-only and locked down; the caller closes it.

    The connection stays on that version when another is published. SQL on it can read the
    database and use temporary tables, but no other file, extension or setting. `memory_limit` is
    DuckDB's, such as `2GB`, else that of the job; `limits` are further settings of DuckDB.
    Connections of one process to one version share the settings of the first. Raises
    GreenparkError when nothing is published.
    """
    with _opening_reader:
        connection = _connect_current(home, readers)
        try:
            if not _setting(connection, "lock_configuration"):
                _lock_down(connection, home, memory_limit or settings.memory_limit(), limits or {})
            if _setting(connection, "enable_external_access"):
                raise GreenparkError(
                    "this process has already opened the database with its own locked settings",
                    "close that connection, or read through it",
                )
        except BaseException:
            connection.close()
            raise
    return connection


def _connect_current(home: Home, readers: audiences.Name) -> duckdb.DuckDBPyConnection:
    """Open what `current` points to; again, if that was pruned between the steps of opening it."""
    for attempt in range(OPENED_AT_MOST):
        if attempt:
            time.sleep(PAUSE_S)
        try:
            database = audiences.file_of(home.current, readers).resolve(strict=True)
        except FileNotFoundError:
            if not home.current.is_symlink():
                break
            folder = home.current.resolve()
            whole = audiences.file_of(folder, "admin")
            if whole.exists() and not audiences.file_of(folder, readers).exists():
                raise audiences.no_file(readers) from None
            continue
        try:
            return duckdb.connect(str(database), read_only=True)
        except duckdb.Error as error:
            if database.exists():
                raise GreenparkError(
                    f"cannot open {database}: {error}",
                    "close whatever has it open for writing; if it is damaged, greenpark rollback",
                ) from error
    raise GreenparkError("no published version yet", "run make refresh")


def _lock_down(
    connection: duckdb.DuckDBPyConnection, home: Home, memory_limit: str, limits: Mapping[str, str]
) -> None:
    # A spill folder of its own: two DuckDB instances that share one overwrite each other's
    # files (seen with 1.5.5: corrupt rows, then SIGSEGV). DuckDB creates it when it spills and
    # removes it on close.
    with suppress(OSError):  # a reader without write access works until it has to spill
        home.tmp.mkdir(parents=True, exist_ok=True)
    spill = str(home.tmp / scratch.name("reader"))
    connection.execute(f"SET temp_directory={literal(spill)}")
    connection.execute(f"SET memory_limit={literal(memory_limit)}")
    for name, value in limits.items():
        connection.execute(f"SET {name}={literal(value)}")
    connection.execute("SET enable_progress_bar=false")  # it goes to stdout, among the rows
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")


def _setting(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    # In the text of the statement: with the first bound parameter DuckDB imports pandas, 0.5 s.
    (value,) = one(connection.execute(f"SELECT current_setting({literal(name)})"))
    return bool(value)
