"""Macros of the published file that a reader calls by a short name: see `reader_macros.sql`."""

from __future__ import annotations

from pathlib import Path

import duckdb

MACROS = Path(__file__).with_name("reader_macros.sql")


def create_reader_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create them in the schema that a name without one means."""
    connection.execute(MACROS.read_text(encoding="utf-8"))
