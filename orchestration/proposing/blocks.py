"""The tables of a sheet, each with its heading and its rows.

Looks at the form of the cells only, never at what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from orchestration.landing.map.labels import BLANKS, YEAR, clean_label
from orchestration.landing.read.sidecar import END_MARKS
from orchestration.proposing.anatomy import (
    NUMBERS,
    SAMPLED_ROWS,
    UNIT_LINE,
    Block,
    Grid,
    Kind,
    kind_of,
)
from orchestration.proposing.block_columns import LEADING_YEAR, assign_columns

HEADER_MOST_ROWS = 10
TITLE_LINE = re.compile(
    r"\s*(附?表\s*[\d一二三四五六七八九十]|\d+\s*[-－—–]\s*\d+|\(?续)|.*续\s*表"
)
INDEX_LABELS = {"", "甲", "乙", "丙", "A", "B", "C"}


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
        assign_columns(grid, kinds, block, is_label)
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
