"""What the cells of a table nobody described look like: numbers, years, marks, units, words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from orchestration.landing.map.labels import BLANKS, YEAR, clean_label
from orchestration.landing.map.marks import PLAIN_SIGNS
from orchestration.landing.read.sheet import Sheet

Kind = Literal["", "number", "year", "mark", "unit", "odd", "text"]
SAMPLED_ROWS = 3000
NUMBER = re.compile(r"[+-]?(\d{1,3}([ ,]\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d+)?%?")
# What was meant for a number and is none: 约747, <0.1, 803.2 1), 12,34,567, 45.6b. No date, no list
# number such as 1).
ODD = re.compile(
    r"[约近超逾不足低高于<>≤≥＜＞~～≈±+\-(（]*\s*\d[\d,，.．\s]*"
    r"([\s%％‰*†‡§()（）\[\]【】\d①-⑳¹²³]{0,5}[a-zA-Z]?[\s*()（）\[\]]{0,2}|%?(左右|余|多|以上|以下|以内))"
)
NO_ODD = re.compile(r"[(（]?\d{1,2}[)）.、]?|((19|20)\d\d)[^.,，].*")
NUMBERS: set[Kind] = {"number", "mark", "odd"}
MARKS = {
    "-",
    "--",
    "—",
    "——",
    "–",
    "－",
    "…",
    "……",
    "...",
    "......",
    "..",
    "/",
    "x",
    "X",
    "N.A.",
    "NA",
    "N/A",
    "无",
}
# What a mark is proposed to mean. A dash may be nothing or unknown: the cautious one is proposed.
MARK_MEANINGS = {"…": "below_unit", "……": "below_unit", "...": "below_unit", "......": "below_unit"}
FOOTNOTE = re.compile(r"[①-⑳*†‡§]|[¹²³⁴⁵⁶⁷⁸⁹]+|\[\d\]")
UNIT_LINE = re.compile(r"单\s*位\s*[:：]|[(（]?\s*unit\s*[:：]", re.I)
# A day in place of a year heads a column like one; which year is meant, the user says.
DATE = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:T00:00:00)?")


@dataclass
class Grid:
    """The first rows of a sheet, with merged cells filled on request. Counts from 1."""

    sheet: Sheet
    rows: list[list[str]]

    @cached_property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def at(self, row: int, column: int) -> str:
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return cells[column - 1] if 0 < column <= len(cells) else ""

    @cached_property
    def _origins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Every place in a merged range to its first cell, once: a table may merge in every row."""
        return {
            (row, column): (top, left)
            for top, left, bottom, right in reversed(self.sheet.merged)
            for row in range(top, min(bottom, len(self.rows)) + 1)
            for column in range(left, min(right, self.width) + 1)
        }

    @cached_property
    def odd_columns(self) -> dict[int, set[int]]:
        """Row to the columns in which a formula or an error stands for a number."""
        found: dict[int, set[int]] = {}
        for row, column in self.sheet.faults:
            found.setdefault(row, set()).add(column)
        return found

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """The first cell of the merged range that a place lies in; else the place itself."""
        return self._origins.get((row, column), (row, column))

    def merged(self, row: int, column: int) -> str:
        """The text over a place, printed there or in the first cell of its merged range."""
        return self.at(*self.origin(row, column))

    def filled(self, row: int) -> list[int]:
        """The columns of a row where something is printed, merged ranges counted whole."""
        return [c for c in range(1, self.width + 1) if self.merged(row, c).strip(BLANKS)]

    def printed(self, row: int) -> list[int]:
        return [c for c in range(1, self.width + 1) if self.at(row, c).strip(BLANKS)]


@dataclass
class Block:
    """One table of a sheet with its own heading."""

    header: list[int]
    first: int
    last: int
    labels: list[int] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)


def kind_of(text: str, is_unit: Callable[[str], bool]) -> Kind:
    """What a cell looks like."""
    plain = text.strip(BLANKS)
    if not plain:
        return ""
    folded = FOOTNOTE.sub("", plain).strip(BLANKS).translate(PLAIN_SIGNS)
    if YEAR.fullmatch(clean_label(folded)) or DATE.fullmatch(folded):
        return "year"
    if plain in MARKS or (folded and folded in MARKS):
        return "mark"
    if any(sign.isdigit() for sign in folded) and NUMBER.fullmatch(folded):
        return "number"
    if len(plain) < 40 and is_unit(plain):
        return "unit"
    if ODD.fullmatch(folded) and not NO_ODD.fullmatch(folded):
        return "odd"
    return "text"


def main_sheet(sheets: list[Sheet]) -> str:
    """The sheet that is read if none is named, as the reader has it."""
    if sheets and sheets[0].size:
        return max(sheets, key=lambda sheet: sheet.size).name
    return next((sheet.name for sheet in sheets if not sheet.is_hidden), sheets[0].name)
