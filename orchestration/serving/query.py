"""Analysts' SQL on the published version, through the locked-down reader."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import identifier, literal, out_of_memory
from orchestration.errors import GreenparkError
from orchestration.serving import output
from orchestration.serving.forbidden import forbidden
from orchestration.settings import size_bytes

FORMATS = {".csv": "csv", ".json": "json", ".md": "markdown", ".parquet": "parquet"}
BATCH = 2_048  # rows that are held as objects of Python


@dataclass(frozen=True)
class Limits:
    """What a query may take, unless it is told otherwise."""

    seconds: int = 600
    rows: int = 10_000_000  # of a result that is written; a longer one is refused, not cut
    memory: str = "2GB"  # of DuckDB, which writes more to disk
    threads: int = 2
    spill: str = "20GB"  # that may be written to disk
    reserve: int = 1_500_000_000  # bytes that the process may take beside DuckDB

    def settings(self) -> dict[str, str]:
        """Settings of DuckDB beside the memory, to be set before all settings are locked."""
        return {"threads": str(self.threads), "max_temp_directory_size": self.spill}


LIMITS = Limits()


@dataclass
class Result:
    """The columns of a result and its rows, which are fetched as they are read."""

    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def bounded(limits: Limits) -> Iterator[None]:
    """Refuse this process more memory than the limits give, for the block.

    What DuckDB hands over is not in its own limit: 2,048 texts of a megabyte are 2 GB. Raises
    GreenparkError when that is not enough. Does nothing where the system does not say what a
    process has.
    """
    import resource

    held = _bytes_held()
    before = resource.getrlimit(resource.RLIMIT_DATA)
    if held is not None:
        most = held + size_bytes(limits.memory) + limits.reserve
        told = [limit for limit in before if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_DATA, (min([most, *told]), before[1]))
    try:
        yield
    except (MemoryError, GreenparkError) as error:
        if not isinstance(error.__cause__ or error, (MemoryError, duckdb.OutOfMemoryException)):
            raise
        raise GreenparkError(
            f"the query needs more than {limits.memory} of memory",
            "narrow it, or allow it more with --memory",
        ) from None
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _bytes_held() -> int | None:
    """What this process has of memory that it writes to."""
    try:
        said = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^VmData:\s*(\d+) kB", said, re.M)
    return int(found[1]) * 1024 if found else None


@contextmanager
def within(connection: duckdb.DuckDBPyConnection, seconds: int) -> Iterator[None]:
    """Stop what the connection runs after so many seconds; then raise GreenparkError."""
    is_late = threading.Event()

    def stop() -> None:
        is_late.set()
        connection.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (KeyboardInterrupt, GreenparkError):
        if not is_late.is_set():
            raise
        raise GreenparkError(
            f"the query ran for more than {seconds} s and was stopped",
            "narrow it, or allow it more with --seconds",
        ) from None
    finally:
        timer.cancel()


def run(connection: duckdb.DuckDBPyConnection, sql: str) -> Result:
    """Run SQL and return the result of its last statement.

    Raises GreenparkError with DuckDB's own words, also while the rows are read.
    """
    with _plain_errors():
        cursor = _executed(connection, sql)

    def rows() -> Iterator[tuple[Any, ...]]:
        with _plain_errors():
            while batch := cursor.fetchmany(BATCH):
                yield from batch

    return Result([column[0] for column in cursor.description], rows())


def records(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """Run one of our own queries and return its rows as dictionaries.

    Each `?` of the statement stands for a parameter: text, a number, or a list of them. Raises
    GreenparkError where the published version lacks what the statement reads.
    """
    # Written into the statement: with the first bound parameter DuckDB imports pandas, 0.5 s.
    values = [*map(_literal, parameters), ""]
    pairs = zip(sql.split("?"), values, strict=True)
    try:
        cursor = connection.execute("".join(text + value for text, value in pairs))
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise _other_version(connection, error) from error
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _other_version(connection: duckdb.DuckDBPyConnection, error: duckdb.Error) -> GreenparkError:
    """What our own query does not find was not yet there, or no more, when it was published."""
    (line, *_) = str(error).splitlines()
    named = re.search(r'\b(?:column|Column|named?)(?: named)? "?([\w.]+)"?', line)
    place = connection.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchone()
    version = Path(place[0] or "").parent.name if place else ""
    return GreenparkError(
        f"the published version {version} was made by another greenpark:"
        f" it has no {named.group(1) if named else line}",
        "run make refresh to publish one of this greenpark",
    )


def _literal(value: Any) -> str:
    """A value as SQL."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        return literal(value)
    return "null" if value is None else str(value)


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> bool:
    """Whether the published version has this table or view."""
    return _is_there(connection, f"from {identifier(schema)}.{identifier(name)} limit 0")


def has_column(connection: duckdb.DuckDBPyConnection, schema: str, name: str, column: str) -> bool:
    """Whether the published version has this column of a table or view."""
    relation = f"{identifier(schema)}.{identifier(name)}"
    return _is_there(connection, f"select {identifier(column)} from {relation} limit 0")


def _is_there(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """Whether what the SQL names exists: the information schema lists all tables to tell of one."""
    try:
        connection.execute(sql)
    except (duckdb.BinderException, duckdb.CatalogException):
        return False
    return True


def need_table(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
    """Raise GreenparkError unless the published version has this table or view."""
    if not has_table(connection, schema, name):
        raise GreenparkError(
            f"the published version has no {schema}.{name}",
            "run make refresh to publish a complete version",
        )


def default_method(connection: duckdb.DuckDBPyConnection) -> str:
    """The method that is meant unless one is named."""
    (row,) = records(connection, "select method from reference.methods where is_default")
    return str(row["method"])


def twins_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """The tables of schema `model` that have rows, of the plain tables that some SQL names."""
    if not has_table(connection, "reference", "model_tables"):
        return []
    named = records(
        connection,
        """
        select table_name from reference.model_tables
        where has_twin and regexp_matches(?, schema_name || '[.]' || table_name || '\\b')
        order by all
        """,
        [sql],
    )
    names = [f"model.{row['table_name']}" for row in named]
    return [name for name in names if connection.execute(f"from {name} limit 1").fetchall()]


def write(
    result: Result, sink: output.Sink, fmt: str, limit: int | None = None
) -> tuple[int, bool]:
    """Write the result as csv, json or markdown; return how many rows, and if any were left."""
    writers = {
        "csv": output.write_csv,
        "json": output.write_json,
        "markdown": output.write_markdown,
    }
    count = writers[fmt](sink, result.columns, islice(result.rows, limit))
    return count, limit is not None and next(result.rows, None) is not None


def write_parquet(
    connection: duckdb.DuckDBPyConnection, sql: str, path: Path, limit: int | None = None
) -> tuple[int, bool]:
    """Run SQL and write its result to a Parquet file; return how many rows, and if any were left.

    The reader may write no file, so the rows go through Arrow.
    """
    import pyarrow as pa
    from pyarrow import parquet

    with _plain_errors(pa.ArrowException):
        cursor = _executed(connection, sql)
        reader = cursor.to_arrow_reader(100_000)
        names = output.unique(reader.schema.names)
        schema = pa.schema(
            [field.with_name(name) for field, name in zip(reader.schema, names, strict=True)]
        )
        count = 0
        with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in reader:
                room = batch.num_rows if limit is None else limit - count
                writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema)[:room])
                count += min(room, batch.num_rows)
                if room < batch.num_rows:
                    return count, True
    return count, False


def arrow_stream(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    rows: int,
    size: int,
    too_much: type[Exception],
) -> bytes:
    """Run SQL and return its result as a stream of Arrow.

    Raises `too_much` if it has more rows or bytes than these.
    """
    import pyarrow as pa

    with _plain_errors(pa.ArrowException):
        reader = _executed(connection, sql).to_arrow_reader(BATCH)
        sink = pa.BufferOutputStream()
        count = 0
        with pa.ipc.new_stream(sink, reader.schema) as stream:
            for batch in reader:
                count += batch.num_rows
                if count > rows or sink.tell() + batch.nbytes > size:
                    raise too_much
                stream.write_batch(batch)
    return bytes(sink.getvalue())


def _executed(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    """Run an analyst's SQL; there is a result."""
    if name := forbidden(sql):
        raise GreenparkError(
            f"a query cannot call {name}", f"leave out {name}, or use DuckDB itself"
        )
    cursor = connection.execute(sql)
    if cursor is None or cursor.description is None:
        raise GreenparkError(
            "there is no SQL to run", 'give a statement: greenpark query "select 1"'
        )
    return cursor


@contextmanager
def _plain_errors(*others: type[Exception]) -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except duckdb.OutOfMemoryException as error:
        raise out_of_memory("the query") from error
    except Exception as error:
        if not isinstance(error, (duckdb.Error, *others)):
            raise
        raise GreenparkError(str(error).strip(), _remedy(error)) from error


def _remedy(error: Exception) -> str:
    message = str(error)
    if "read-only" in message:
        return "the published version is never changed; use a temporary table for steps between"
    if isinstance(error, duckdb.PermissionException) or "configuration has been locked" in message:
        return "query reads only the published version; other files come in with --data"
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
        return (
            "look the name up: greenpark query"
            ' "select table_schema, table_name, column_name from information_schema.columns"'
        )
    return "correct the SQL"
