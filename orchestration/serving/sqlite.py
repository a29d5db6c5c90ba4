"""Published tables as one SQLite file, and what datasette says of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.database import identifier
from orchestration.serving import output

TYPES = {"DOUBLE": "real", "BOOLEAN": "integer", "INTEGER": "integer", "BIGINT": "integer"}
FILE, METADATA = "greenpark.sqlite", "metadata.json"


def table_name(table: str) -> str:
    """`schema.table` as SQLite and the addresses of datasette can have it."""
    return table.replace(".", "_", 1)


def write(
    file: sqlite3.Connection,
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Any]],
) -> int:
    """Create a table and fill it; return how many rows. `columns`: name and type of DuckDB."""
    name = identifier(table_name(table))
    made = ", ".join(f"{identifier(column)} {TYPES.get(kind, 'text')}" for column, kind in columns)
    file.execute(f"create table {name} ({made})")
    places = ", ".join("?" * len(columns))
    before = file.total_changes
    file.executemany(
        f"insert into {name} values ({places})", ([_value(value) for value in row] for row in rows)
    )
    return file.total_changes - before


def metadata(said: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """What `datasette --metadata` reads, of the rows of the dictionary by table and column."""
    tables = {
        table_name(table): {
            "columns": {
                name: f"{row['heading_zh']} / {row['heading_en']}" for name, row in columns.items()
            }
        }
        for table, columns in said.items()
    }
    told = {"title": "greenpark", "databases": {Path(FILE).stem: {"tables": tables}}}
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return output.plain(value) if isinstance(value, float) else output.text(value)
