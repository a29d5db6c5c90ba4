"""The roles of the columns of a table: labels, years, units, values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from orchestration.landing.map.labels import BLANKS, YEAR, clean_label
from orchestration.proposing.anatomy import NUMBERS, SAMPLED_ROWS, Block, Grid, Kind

# The heading of a column of units. 单位 is the word for an office too, whose name is no unit.
UNIT_HEADING = re.compile(r"\(?(计量)?单位\)?\s*(\(?units?\)?)?|\(?units?\)?", re.I)
LEADING_YEAR = re.compile(r"(19|20)\d\d(?!\d)")


def assign_columns(
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
        elif (found["unit"] > printed * 0.6 and (has_labels or column > 1)) or (
            has_labels and found["text"] and _is_of_units(grid, block, column, is_label)
        ):
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


def _is_of_units(grid: Grid, block: Block, column: int, is_label: Callable[[str], bool]) -> bool:
    """Does the heading say that units stand in a column, be they known or not?"""
    heading = clean_label(" ".join(dict.fromkeys(grid.merged(r, column) for r in block.header)))
    texts = (grid.at(row, column) for row in range(block.first, block.last + 1))
    return bool(UNIT_HEADING.fullmatch(heading)) and not any(map(is_label, filter(None, texts)))


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
