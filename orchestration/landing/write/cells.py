"""The cells of tables with labels down and across, put into the table of all cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.landing.map.catalogue import CONCEPTS
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.vocabulary import Meaning
from orchestration.landing.write.batches import append, chunks, code_columns, refuse

# What the table keeps of a cell as it is.
COPIED = (
    *("sheet_name", "row_number", "column_number", "column_name", "value_text"),
    *("number_text", "value_status", "is_sign_unstated"),
)


def stage_cells(
    connection: duckdb.DuckDBPyConnection, number: int, table_number: str, cells: Iterator[Cell]
) -> int:
    """Put the cells of one file into the table, some at a time; returns how many there were."""
    ((first,),) = connection.execute("select coalesce(max(table_id) + 1, 0) from tables").fetchall()
    tables: dict[tuple[tuple[str, str], ...], int] = {}
    count = 0
    for chunk in chunks(cells):
        count += len(chunk)
        refuse(connection, number, [cell for cell in chunk if cell.fault])
        good = [cell for cell in chunk if not cell.fault]
        columns: dict[str, Any] = {name: [getattr(cell, name) for cell in good] for name in COPIED}
        columns["table_id"] = pa.array(
            [tables.setdefault(cell.table, first + len(tables)) for cell in good], pa.int64()
        )
        units = [cell.unit for cell in good]
        columns["unit_label"] = [unit.printed for unit in units]
        columns["unit"] = pa.array([unit.code for unit in units], pa.string())
        columns["to_unit_factor"] = pa.array([unit.factor for unit in units], pa.float64())
        for concept in CONCEPTS:
            found = [cell.meanings.get(concept) for cell in good]
            columns[f"{concept}_label"] = _texts(found, "printed")
            columns |= code_columns(concept, found)
            if concept == "item":
                columns["item_code"] = _texts(found, "code")
                columns["item_part"] = _texts(found, "part")
        append(connection, "cells", number, pa.table(columns))
    series = [
        # What makes two tables editions of one: all that the layout holds constant, years aside.
        "|".join([table_number, *(f"{name}={code}" for name, code in table if name != "year")])
        for table in tables
    ]
    append(
        connection,
        "tables",
        number,
        pa.table({"table_id": pa.array(tables.values(), pa.int64()), "series_key": series}),
    )
    return count


def _texts(found: list[Meaning | None], name: str) -> pa.Array:
    return pa.array([meaning and getattr(meaning, name) for meaning in found], pa.string())
