"""Parquet as printed text: the names of its columns are row 1, as of the same list as CSV.

DuckDB reads it some rows at a time, in a database of its own, which holds no more memory than a
file may take: a damaged file is an error and no crash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.database import identifier, literal
from orchestration.landing.read import limits
from orchestration.landing.read.sheet import Unreadable

if TYPE_CHECKING:
    import pyarrow as pa

VECTOR_ROWS = 2048  # that DuckDB hands over at once, however long they are
BATCH_ROWS = 245_760  # two groups of rows of a table
BATCH_BYTES = 64 << 20
WHOLE = 1e15  # above it a double has digits that nobody wrote
# Rows of a list differ, so each takes some bits: what has more cells than this, and than a sheet
# may have, is one row said many million times (500 bytes are enough for 30 million).
CELLS_OF_A_BYTE = 100
TOO_LONG = "a row has more characters than"
GLOB_SIGNS = str.maketrans({sign: f"[{sign}]" for sign in "*?["})


class ParquetTable:
    """The columns of a file, each with its type, and its rows as text; nothing is null."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable."""
        most = limits.current()
        # A path is one file, whatever signs it has, and says nothing of its rows.
        self._source = (
            f"read_parquet({literal(str(path).translate(GLOB_SIGNS))}, "
            "binary_as_string = true, hive_partitioning = false)"
        )
        # A short file may hold one long text for each of its rows; here they are held some times.
        self._longest = most.memory_bytes // VECTOR_ROWS // 8
        with _refusing():
            self._connection = duckdb.connect(
                config={"memory_limit": f"{most.memory_bytes}B", "temp_directory": ""}
            )
            columns = self._connection.execute(f"describe from {self._source}").fetchall()
        self.types = {str(name): str(type_) for name, type_, *_ in columns}
        most.check_cells(1, len(self.types))
        self._cells = max(most.cells, CELLS_OF_A_BYTE * path.stat().st_size)

    @property
    def header(self) -> list[str]:
        return list(self.types)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, some at a time. Raises Unreadable."""
        texts = ", ".join(
            f"coalesce({_printed(identifier(name), type_)}, '') as {identifier(name)}"
            for name, type_ in self.types.items()
        )
        length = " + ".join(
            f"coalesce(strlen({identifier(name)}), 0)"
            for name, type_ in self.types.items()
            if type_ == "VARCHAR"
        )
        too_long = f"error('{TOO_LONG} {self._longest:,}')"
        is_short = f"if({length} > {self._longest}, {too_long}, true)" if length else "true"
        with _refusing():
            reader = self._connection.execute(
                f"select {texts} from {self._source} where {is_short}"
            ).to_arrow_reader(VECTOR_ROWS)
            pieces: list[pa.RecordBatch] = []
            held = rows = 0
            for piece in reader:
                rows += piece.num_rows
                if rows * len(self.types) > self._cells:
                    raise limits.exceeded(
                        "cells",
                        f"{rows:,} rows of {len(self.types)} cells, and the file is short",
                        f"文件很小，却有 {rows:,} 行 × {len(self.types)} 列",
                        f"{self._cells:,}",
                    )
                pieces.append(piece)
                held += piece.nbytes
                if len(pieces) * VECTOR_ROWS >= BATCH_ROWS or held > BATCH_BYTES:
                    yield from _joined(pieces)
                    pieces, held = [], 0
            yield from _joined(pieces)

    def rows(self) -> Iterator[list[str]]:
        """The header, then each row."""
        yield self.header
        for batch in self.batches():
            yield from map(list, zip(*(c.to_pylist() for c in batch.columns), strict=True))


def _joined(pieces: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    import pyarrow as pa

    return list(pa.Table.from_batches(pieces).combine_chunks().to_batches()) if pieces else []


def _printed(name: str, type_: str) -> str:
    """A value as text: of a number the fewest digits that give the same one, as of a workbook."""
    text = f"cast({name} as varchar)"
    if type_ == "VARCHAR":
        return name
    if type_ in ("FLOAT", "DOUBLE"):
        # A column of whole numbers with gaps is one of doubles where pandas wrote it.
        whole = f"{name} = trunc({name}) and abs({name}) < {WHOLE}"
        return f"case when {whole} then cast(cast({name} as bigint) as varchar) else {text} end"
    if type_.startswith("TIMESTAMP"):
        # As often, a date of which a program knew no better.
        day = f"cast(cast({name} as date) as varchar)"
        return f"if({name} = date_trunc('day', {name}), {day}, {text})"
    return text


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn the errors of the reader into a refusal of the file."""
    limit = f"{limits.current().memory_bytes / 1e9:.2g} GB"
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        found = "reading it takes more memory than there is for a file"
        raise limits.exceeded("memory_bytes", found, "读取所需内存过多", limit) from error
    except duckdb.Error as error:
        detail = " ".join(str(error).split())
        if said := re.search(f"({TOO_LONG}) ([0-9,]+)", detail):
            found_zh = f"一行超过 {said[2]} 个字符"
            raise limits.exceeded("memory_bytes", said[0], found_zh, limit) from error
        raise Unreadable("file_unreadable", detail, "文件不是完整的 Parquet") from error
