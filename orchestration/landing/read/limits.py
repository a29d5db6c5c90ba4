"""What reading a file may take: rows `file_*` of `thresholds/thresholds.csv`, which may be changed.

A file that needs more is refused by name; the landing goes on with the next one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from orchestration.landing.read.sheet import Unreadable

PLACE = "seeds/reference/thresholds/thresholds.csv"


@dataclass(frozen=True)
class Limits:
    """The limits by the names of their rows, `file_` and `_max` aside."""

    bytes: int  # of a file that is parsed whole; a text is streamed, however long
    unpacked_bytes: int  # of a workbook, which is packed
    cells: int  # of a sheet, blank ones among them
    memory_bytes: int  # of the process that parses files
    seconds: int  # of the processor, for one file
    row_characters: int  # of a row of a text
    excerpt_characters: int  # of a value in the quarantine
    excerpt_lines: int  # of a refused file in the quarantine; one more stands for the rest

    def check_cells(self, rows: int, columns: int, place: str = "") -> None:
        """Raise Unreadable if so many rows and columns are more cells than may be."""
        if rows * columns > self.cells:
            what, what_zh = f"{rows:,} rows of {columns:,} cells", f"{rows:,} 行 × {columns:,} 列"
            to = f", to {place}" if place else ""
            to_zh = f"（至 {place}）" if place else ""
            raise exceeded("cells", f"{what}{to}", f"{what_zh}{to_zh}", f"{self.cells:,}")


def exceeded(name: str, found: str, found_zh: str, limit: str) -> Unreadable:
    """The refusal of a file that needs more than one of the limits."""
    return Unreadable(
        "file_unreadable",
        f"{found}; the limit is {limit}: delete the blank rows and columns around the table and "
        f"save it alone as CSV, or raise file_{name}_max in {PLACE}",
        f"{found_zh}，上限为 {limit}：删除表格四周的空白行列，单独另存为 CSV；"
        f"或提高 {PLACE} 中的 file_{name}_max",
    )


def fits(limits: Limits) -> None:
    """Take these limits in this process, as the child does that is told them."""
    global _told
    _told = limits


_told: Limits | None = None


def current() -> Limits:
    """The limits in force."""
    return _told or _from_rows()


@cache
def _from_rows() -> Limits:
    from expectations.thresholds import threshold

    return Limits(
        bytes=int(threshold("file_bytes_max")),
        unpacked_bytes=int(threshold("file_unpacked_bytes_max")),
        cells=int(threshold("file_cells_max")),
        memory_bytes=int(threshold("file_memory_bytes_max")),
        seconds=int(threshold("file_seconds_max")),
        row_characters=int(threshold("file_row_characters_max")),
        excerpt_characters=int(threshold("file_excerpt_characters_max")),
        excerpt_lines=int(threshold("file_excerpt_lines_max")),
    )


@contextmanager
def changed(**values: int) -> Iterator[None]:
    """Other limits for a block."""
    before = _told
    fits(dataclasses.replace(current(), **values))
    try:
        yield
    finally:
        globals()["_told"] = before
