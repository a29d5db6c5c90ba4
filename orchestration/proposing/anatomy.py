"""Where things stand in a table nobody described: its headings, its rows, its columns.

Looks at the form of the cells only (numbers, years, marks, words), never at what they mean.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from orchestration.landing.map.labels import BLANKS, YEAR, clean_label
from orchestration.landing.map.marks import PLAIN_SIGNS
from orchestration.landing.read.formats import GAPS, WHITESPACE
from orchestration.landing.read.sheet import Sheet
from orchestration.landing.read.sidecar import END_MARKS

Kind = Literal["", "number", "year", "mark", "unit", "odd", "text"]
SAMPLED_ROWS = 3000
HEADER_MOST_ROWS = 10
NUMBER = re.compile(r"[+-]?(\d{1,3}([ ,]\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d+)?%?")
# What was meant for a number and is none: 约747, <0.1, 803.2 1), 12,34,567, 45.6b. No date, no list
# number such as 1).
ODD = re.compile(
    r"[约近超逾不足低高于<>≤≥＜＞~～≈±+\-(（]*\s*\d[\d,，.．\s]*"
    r"([\s%％‰*†‡§()（）\[\]【】\d①-⑳¹²³]{0,5}[a-zA-Z]?[\s*()（）\[\]]{0,2}|%?(左右|余|多|以上|以下|以内))"
)
NO_ODD = re.compile(r"[(（]?\d{1,2}[)）.、]?|((19|20)\d\d)[^.,，].*")
LEADING_YEAR = re.compile(r"(19|20)\d\d(?!\d)")
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
}
# What a mark is proposed to mean. A dash may be nothing or unknown: the cautious one is proposed.
MARK_MEANINGS = {"…": "below_unit", "……": "below_unit", "...": "below_unit", "......": "below_unit"}
FOOTNOTE = re.compile(r"[①-⑳*†‡§]|[¹²³⁴⁵⁶⁷⁸⁹]+|\[\d\]")
UNIT_LINE = re.compile(r"单\s*位\s*[:：]|[(（]?\s*unit\s*[:：]", re.I)
TITLE_LINE = re.compile(
    r"\s*(附?表\s*[\d一二三四五六七八九十]|\d+\s*[-－—–]\s*\d+|\(?续)|.*续\s*表"
)
# A day in place of a year heads a column like one; which year is meant, the user says.
DATE = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:T00:00:00)?")
INDEX_LABELS = {"", "甲", "乙", "丙", "A", "B", "C"}


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


def find_blocks(
    grid: Grid, is_unit: Callable[[str], bool], is_label: Callable[[str], bool]
) -> list[Block]:
    """The tables of a sheet, top to bottom, each with its heading and the roles of its columns.

    A row of words is one of data where `is_label` knows what it begins with.
    """
    kinds = [[kind_of(text, is_unit) for text in row] for row in grid.rows]
    for row, column in grid.sheet.faults:  # a formula or an error stands for a number
        if row <= len(kinds) and column <= len(kinds[row - 1]):
            kinds[row - 1][column - 1] = "odd"
    blocks: list[Block] = []
    current: Block | None = None
    floor = 1
    for number in range(1, len(grid.rows) + 1):
        if _is_data(grid, kinds, number):
            if current is None:
                header = _header_above(grid, number, floor)
                if not header and not NUMBERS - {"odd"} & set(kinds[number - 1]):
                    continue  # a heading of formulas
                first = number
                while _is_words_of_data(grid, kinds, header, number, is_label):
                    first = header.pop()
                current = Block(header, first, number)
                blocks.append(current)
            current.last = number
        elif current is not None and _is_header(grid, kinds, number, current, is_label):
            floor, current = number, None
    for block in blocks:
        following = min(
            (b.header[0] for b in blocks if b.header and b.first > block.last), default=0
        )
        _extend(grid, kinds, block, (following or len(grid.rows) + 1) - 1)
        _assign_columns(grid, kinds, block, is_label)
    return [block for block in blocks if block.values and (block.labels or block.years)]


def _row_kinds(kinds: list[list[Kind]], number: int) -> list[Kind]:
    return [kind for kind in kinds[number - 1] if kind]


def _is_data(grid: Grid, kinds: list[list[Kind]], number: int) -> bool:
    """A row with a number or a mark beside a label; a row that numbers the columns is none."""
    found = _row_kinds(kinds, number)
    if not NUMBERS & set(found) or len(found) < 2:
        return False
    texts = [text.strip(BLANKS) for text in grid.rows[number - 1]]
    digits = [text for text in texts if text.isdigit()]
    others = {text for text in texts if not text.isdigit()}
    return not (
        len(digits) > 1
        and others <= INDEX_LABELS
        and [int(text) for text in digits]
        == list(range(int(digits[0]), int(digits[0]) + len(digits)))
        and int(digits[0]) <= 2
    )


def _is_words_of_data(
    grid: Grid,
    kinds: list[list[Kind]],
    header: list[int],
    first: int,
    is_label: Callable[[str], bool],
) -> bool:
    """Is the lowest row above the first numbers no heading, but data printed in words?

    Only where the rows above it head every column of it already: with its first label known, or
    with a year of its own over each of the others.
    """
    if len(header) < 2:
        return False
    row, above = header[-1], header[:-1]
    printed = grid.printed(row)
    if len(printed) < 2 or printed[0] != next(iter(grid.printed(first)), 0):
        return False
    lead = printed[0] - 1
    is_year = kinds[row - 1][lead] == kinds[first - 1][lead] == "year"
    if {"year", "unit", "number"} & {kinds[row - 1][column - 1] for column in printed[is_year:]}:
        return False
    heads = [
        clean_label(" ".join(grid.merged(upper, column) for upper in above)) for column in printed
    ]
    if not all(heads):
        return False
    label = grid.at(row, printed[0]).strip(BLANKS)
    years = [text for text in heads[1:] if LEADING_YEAR.match(text)]
    has_years = len(years) == len(set(years)) == len(heads) - 1
    return is_year or is_label(label) or (has_years and bool(re.search(r"[\u4e00-\u9fff]", label)))


def _is_words_below(
    grid: Grid,
    kinds: list[list[Kind]],
    number: int,
    block: Block,
    is_label: Callable[[str], bool],
) -> bool:
    """Is a row of words right below data one more of it? Its label is of the kind of theirs, or
    nothing in it could head a column."""
    row, printed = kinds[number - 1], grid.printed(number)
    lead, label = printed[0], grid.at(number, printed[0])
    if is_label(label) or row[lead - 1] == kinds[block.last - 1][lead - 1] == "year":
        return True
    heads = {clean_label(grid.merged(upper, lead)) for upper in block.header}
    could_head = any(
        row[column - 1] in ("year", "unit") or is_label(grid.at(number, column))
        for column in printed
    )
    return not could_head and clean_label(label) not in heads


def _is_header(
    grid: Grid,
    kinds: list[list[Kind]],
    number: int,
    block: Block,
    is_label: Callable[[str], bool],
) -> bool:
    """Does a row among the data begin a new heading?"""
    row = kinds[number - 1]
    found = [kind for kind in row if kind]
    if len(found) < 2 or "number" in found:
        return False
    if block.last == number - 1 and _is_words_below(grid, kinds, number, block, is_label):
        return False
    if found.count("year") > 1:
        years = [
            int(clean_label(t)[:4])
            for t, k in zip(grid.rows[number - 1], row, strict=True)
            if k == "year"
        ]
        return years == sorted(set(years)) or years == sorted(set(years), reverse=True)
    values = {
        column
        for column in range(1, grid.width + 1)
        for above in range(block.first, min(block.last, block.first + 20) + 1)
        if column <= len(kinds[above - 1]) and kinds[above - 1][column - 1] == "number"
    }
    return any(kind in ("text", "unit") and column in values for column, kind in enumerate(row, 1))


def _header_above(grid: Grid, first: int, floor: int) -> list[int]:
    """The rows of the heading above the first row of data, without the captions above them."""
    header: list[int] = []
    for number in range(first - 1, floor - 1, -1):
        filled = grid.filled(number)
        if not filled:
            if header:
                break
            continue
        if _is_caption(grid, number, bool(header)) or len(header) == HEADER_MOST_ROWS:
            break
        header.insert(0, number)
    # A row that numbers the columns stands below the heading, not in it.
    while (
        len(header) > 1
        and grid.printed(header[-1])
        and all(
            grid.at(header[-1], c).strip(BLANKS).isdigit()
            or grid.at(header[-1], c).strip(BLANKS) in INDEX_LABELS
            for c in grid.printed(header[-1])
        )
        and not any(
            YEAR.fullmatch(grid.at(header[-1], c).strip(BLANKS)) for c in grid.printed(header[-1])
        )
    ):
        header.pop()
    return header


def _is_caption(grid: Grid, number: int, has_header: bool) -> bool:
    printed = grid.printed(number)
    texts = [grid.at(number, column).strip(BLANKS) for column in printed]
    if len(printed) <= 3 and any(UNIT_LINE.search(text) for text in texts):
        return True
    if len(printed) <= 2 and texts and TITLE_LINE.match(texts[0]):
        return True
    if not printed:  # below the first line of one merged caption, or of several merged headings
        return len({grid.origin(number, column) for column in grid.filled(number)}) == 1
    above = number - 1
    if printed == [1] and not has_header and len(grid.printed(above)) > 1:
        return _is_caption(grid, above, True)  # `Year` alone below 年份 and the other headings
    if len(printed) > 1 or len(grid.filled(number)) not in (1, grid.width):
        return len(printed) == 1 and printed[0] == 1 and len(grid.filled(number)) > 2
    return printed[0] == 1 or not has_header


def _extend(grid: Grid, kinds: list[list[Kind]], block: Block, floor: int) -> None:
    """Rows that follow data are data where their value looks like a year or stands in words."""
    numbers = {
        column
        for row in kinds[block.first - 1 : block.last][:SAMPLED_ROWS]
        for column, kind in enumerate(row)
        if kind in NUMBERS
    }
    for number in range(block.last + 1, floor + 1):
        row = kinds[number - 1]
        has_year = "text" in row[:2] and "year" in row[1:] and len(_row_kinds(kinds, number)) > 1
        printed = grid.printed(number)
        has_words = (
            len(printed) > 1
            and printed[0] - 1 not in numbers
            and bool(numbers & {column - 1 for column in printed[1:]})
            and not grid.at(number, printed[0]).strip(BLANKS).startswith(END_MARKS)
            and not _is_caption(grid, number, True)
        )
        if has_year or has_words:
            block.last = number
        else:
            return


def _assign_columns(
    grid: Grid, kinds: list[list[Kind]], block: Block, is_label: Callable[[str], bool]
) -> None:
    counts: dict[int, Counter[Kind]] = {c: Counter() for c in range(1, grid.width + 1)}
    for number in range(block.first, min(block.last, block.first + SAMPLED_ROWS) + 1):
        row = kinds[number - 1]
        if not NUMBERS & set(row) and "year" not in row:
            continue
        for column, kind in enumerate(row, start=1):
            counts[column][kind] += 1
    has_labels = False
    for column, found in counts.items():
        printed = sum(number for kind, number in found.items() if kind)
        headings = [
            text for row in block.header if (text := grid.merged(row, column).strip(BLANKS))
        ]
        headed = bool(headings)
        # Under a year, or under what a table has across, words are values that were not keyed.
        is_value = has_labels and any(
            LEADING_YEAR.match(clean_label(text)) or is_label(text) for text in headings
        )
        if not printed:
            if headed and has_labels and not _is_right_of_merged(grid, block, column):
                block.values.append(column)
        elif is_value and found["text"]:
            block.values.append(column)
        elif found["unit"] > printed * 0.6 and (has_labels or column > 1):
            block.units.append(column)
        elif found["text"] + found["unit"] > printed * 0.5:
            block.labels.append(column)
            has_labels = True
        elif (
            found["year"] > printed * 0.8
            and not block.values
            and not _headed_by_year(grid, block, column)
        ):
            block.years.append(column)
            has_labels = True
        elif has_labels:
            block.values.append(column)


def _is_right_of_merged(grid: Grid, block: Block, column: int) -> bool:
    """Is a column without a figure the right part of cells that are merged across in every row?"""
    last = min(block.last, block.first + SAMPLED_ROWS)
    return all(
        grid.origin(row, column)[1] < column
        for row in range(block.first, last + 1)
        if grid.printed(row)
    )


def _headed_by_year(grid: Grid, block: Block, column: int) -> bool:
    return any(YEAR.fullmatch(clean_label(grid.merged(row, column))) for row in block.header)


def main_sheet(sheets: list[Sheet]) -> str:
    """The sheet that is read if none is named, as the reader has it."""
    if sheets and sheets[0].size:
        return max(sheets, key=lambda sheet: sheet.size).name
    return next((sheet.name for sheet in sheets if not sheet.is_hidden), sheets[0].name)


# --- text and JSON -------------------------------------------------------------------------------


def sniff_delimiter(path: Path, encoding: str) -> str:
    """The sign that parts a text into the most even rows; else the blanks it is set with."""
    with path.open(encoding=encoding, errors="replace", newline="") as handle:
        lines = list(islice(handle, 400))

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            rows = [
                row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))
            ]
        except csv.Error:
            return 0.0, 0
        return _evenness(rows)

    best = max(",\t;|", key=evenness)
    if evenness(best)[1] > 1 and evenness(best)[0] >= 0.5:
        return best
    from orchestration.landing.read.formats import split_at_gaps

    gaps = [row for line in lines if (row := split_at_gaps(line))]
    share, width = _evenness(gaps)
    return GAPS if width > 1 and share >= 0.5 else WHITESPACE


def _evenness(rows: Iterable[list[str]]) -> tuple[float, int]:
    sizes = Counter(len(row) for row in rows)
    wide = {size: count for size, count in sizes.items() if size > 1}
    if not wide:
        return 0.0, 0
    width = max(wide, key=lambda size: (wide[size], size))
    return wide[width] / sum(sizes.values()), width


def find_json_table(text: str) -> dict[str, str]:
    """The pointers to the rows and to the labels across, for the layout."""
    document = json.loads(text, parse_float=str, parse_int=str)
    tables: list[tuple[int, str, Any]] = []
    lists: list[tuple[str, list[Any]]] = []

    def walk(node: Any, pointer: str) -> None:
        children: list[tuple[str, Any]] = []
        if isinstance(node, dict):
            children = [(key.replace("~", "~0").replace("/", "~1"), v) for key, v in node.items()]
        elif isinstance(node, list):
            children = [(str(n), value) for n, value in enumerate(node)]
        inner = [value for _, value in children]
        are_lists = all(isinstance(v, list) and not _nested(v) for v in inner)
        are_objects = isinstance(node, list) and all(isinstance(v, dict) for v in inner)
        if inner and (are_lists or are_objects):
            tables.append((sum(map(len, inner)), pointer, node))
        elif isinstance(node, list) and inner and not _nested(node):
            lists.append((pointer, node))
        for key, value in children:
            if isinstance(value, dict | list):
                walk(value, f"{pointer}/{key}")

    walk(document, "")
    if not tables:
        return {}
    _, pointer, node = max(tables, key=lambda table: table[0])
    found = {"json_rows": pointer} if pointer else {}
    rows = list(node.values()) if isinstance(node, dict) else node
    if rows and isinstance(rows[0], list):
        width = len(rows[0])
        inside = f"{pointer}/"
        for place, labels in lists:
            if not place.startswith(inside) and len(labels) in (width, width - 1):
                found["json_columns"] = place
                break
    return found


def json_unit(text: str) -> str:
    """What a key named unit says, at any depth."""
    found = re.search(r'"(?:unit|单位|计量单位)"\s*:\s*"([^"]+)"', text, re.I)
    return found[1] if found else ""


def _nested(values: list[Any]) -> bool:
    return any(isinstance(value, dict | list) for value in values)
