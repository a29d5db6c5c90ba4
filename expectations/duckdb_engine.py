"""Makes Great Expectations work on DuckDB; delete when upstream does (a test says so).

GX 1.24 returns a cursor from `execute_query` after closing its connection. DuckDB drops a pending
result with its connection, so every expectation fails with "list index out of range". GX keeps
one connection open for some dialects; here it does for DuckDB too. That connection is in
autocommit mode: in a transaction, one failing statement makes DuckDB refuse every later one
("Current transaction is aborted"), so one broken expectation would fail all the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from sqlalchemy import Connection


def install() -> None:
    """Override `SqlAlchemyExecutionEngine.get_connection` for DuckDB; harmless when repeated."""
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine

    original = SqlAlchemyExecutionEngine.get_connection
    if getattr(original, "keeps_duckdb", False):
        return

    @contextmanager
    def get_connection(self: SqlAlchemyExecutionEngine) -> Iterator[Connection]:
        if self.dialect_name != "duckdb":
            with original(self) as connection:
                yield connection
            return
        if self._connection is None or self._connection.closed:
            self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        yield self._connection

    replacement: Any = get_connection
    replacement.keeps_duckdb = True
    patched: Any = SqlAlchemyExecutionEngine
    patched.get_connection = replacement


def release(datasource: SQLDatasource) -> None:
    """Close every connection of a datasource, so that its file can be opened read-write again.

    The lock belongs to the process: it goes when the last connection to the file is closed.
    """
    engine = datasource.get_execution_engine()
    if engine._connection is not None:
        engine._connection.close()
        engine._connection = None
    engine.engine.dispose()
    datasource.get_engine().dispose()
