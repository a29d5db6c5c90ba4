"""Macros of the published file that a reader calls by a short name: see `reader_macros.sql`."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from orchestration.database import literal

MACROS = Path(__file__).with_name("reader_macros.sql")
WORDS = Path(__file__).with_name("macros.csv")


def create_reader_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create them in the schema that a name without one means."""
    connection.execute(MACROS.read_text(encoding="utf-8"))


def describe_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Say of each macro how it is called and what it gives, as its comment."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = "macro table" if row["is_table"] == "true" else "macro"
            told = literal(f"{row['description_zh']}\n{row['description_en']}")
            connection.execute(f"comment on {kind} {row['macro']} is {told}")
