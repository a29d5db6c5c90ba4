"""A table of a file as printed text, and the fault that a file cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from orchestration.landing.read.merged import MergedRanges, Range


class Unreadable(Exception):
    """The file cannot be opened as what it is; `rule` is the landing rule, `detail` the reason."""

    def __init__(self, rule: str, detail: str, detail_zh: str = "") -> None:
        super().__init__(detail)
        self.rule = rule
        self.detail = detail
        self.detail_zh = detail_zh or detail


def undecodable(error: UnicodeError | LookupError) -> Unreadable:
    """A text that is not in the encoding it is said to be in, or one nobody knows."""
    place = f"{getattr(error, 'encoding', '')} {getattr(error, 'start', '')}".strip()
    return Unreadable("file_undecodable", str(error), f"解码失败：{place}")


@dataclass
class Sheet:
    """One table of a file. `rows` may be read once; rows and columns elsewhere count from 1."""

    name: str
    rows: Iterator[list[str]]
    is_hidden: bool = False
    # cells of a table of a web page, which has many of them; 0 elsewhere
    size: int = 0
    # (first row, first column, last row, last column) of each merged range
    merged: list[Range] = field(default_factory=list)
    # cells that hold no plain value: rule and text
    faults: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    # how many values are stored results of formulas
    formulas: int = 0
    _ranges: MergedRanges | None = field(default=None, init=False, repr=False, compare=False)

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """The place where the text of a cell is printed: elsewhere only in a merged range."""
        if not self.merged:
            return row, column
        if self._ranges is None:
            self._ranges = MergedRanges(self.merged)
        return self._ranges.origin(row, column)


def text_at(row: list[str], column: int) -> str:
    """The text of a row in a column, counted from 1; '' beyond its end."""
    return row[column - 1] if 0 < column <= len(row) else ""


def column_letters(number: int) -> str:
    """What a spreadsheet calls a column, counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell.

    >>> cell_name(12, 27)
    'AA12'
    """
    return f"{column_letters(column)}{row}"
