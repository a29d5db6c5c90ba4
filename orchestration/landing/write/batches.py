"""Rows put into the tables of the landing, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import duckdb
import pyarrow as pa

from orchestration.landing.map.catalogue import CODES, CONCEPTS
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.vocabulary import Meaning

BATCH_CELLS = 50_000


def code_columns(concept: str, found: list[Meaning | None]) -> dict[str, pa.Array]:
    """The columns of codes of one concept."""
    type_ = pa.int32() if concept == "year" else pa.string()
    # One and the same meaning stands in many cells.
    known = {id(meaning): meaning.codes(concept) for meaning in found if meaning}
    nothing = (None,) * len(CODES[concept])
    codes = [known.get(id(meaning), nothing) for meaning in found]
    return {
        name: pa.array([code[place] for code in codes], type_)
        for place, name in enumerate(CODES[concept])
    }


def refuse(connection: duckdb.DuckDBPyConnection, number: int, cells: list[Cell]) -> int:
    """Put cells with a fault aside; returns how many."""
    if cells:
        columns = {
            "sheet_name": [cell.sheet_name for cell in cells],
            "row_number": [cell.row_number for cell in cells],
            "column_number": [cell.column_number for cell in cells],
            "column_name": [cell.column_name for cell in cells],
            "raw_value": [cell.value_text for cell in cells],
            "rule": [cell.fault for cell in cells],
            "detail": [cell.fault_detail for cell in cells],
            "detail_zh": [cell.fault_detail_zh or cell.fault_detail for cell in cells],
        }
        for concept in CONCEPTS:
            columns |= code_columns(concept, [cell.meanings.get(concept) for cell in cells])
        append(connection, "refused", number, pa.table(columns))
    return len(cells)


def append(connection: duckdb.DuckDBPyConnection, table: str, number: int, rows: pa.Table) -> None:
    """Add rows of one file to a table; columns that they do not have are null."""
    connection.register("batch", rows)
    connection.execute(f"insert into {table} by name select {number} as file_number, * from batch")
    connection.unregister("batch")


def chunks(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """The cells in lists of a bounded length."""
    iterator = iter(cells)
    while chunk := list(islice(iterator, BATCH_CELLS)):
        yield chunk
