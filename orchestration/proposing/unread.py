"""What a layout does not read: every printed cell that is no heading, no label and no value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from orchestration.landing.map.labels import BLANKS
from orchestration.landing.read.sidecar import Layout
from orchestration.proposing.anatomy import Grid


@dataclass(frozen=True)
class Unread:
    """Printed cells that are left out, by the column, row or sheet they stand in."""

    kind: Literal["column", "row", "sheet"]
    sheet: str
    number: int
    name: str
    cells: int

    def as_json(self) -> dict[str, Any]:
        return vars(self)


def find_unread(
    grids: list[Grid], main: str, layout: Layout, read: set[tuple[str, int, int]]
) -> list[Unread]:
    """The cells left out by a layout; `read` are the places of the values that it reads.

    A place in column 0 is a whole row. Lines above the first heading and single cells among or
    below the rows are captions and notes, which hold no value.
    """
    found: list[Unread] = []
    parts = layout.parts()
    for grid in grids:
        own = [part for part in parts if (part.sheet or main) == grid.sheet.name]
        if own:
            found += _of_sheet(
                grid, own, {(r, c) for name, r, c in read if name == grid.sheet.name}
            )
        elif grid.sheet.name in layout.ignore_sheets:
            cells = sum(len(_filled(grid, row)) for row in range(1, len(grid.rows) + 1))
            if cells:
                found.append(Unread("sheet", grid.sheet.name, 0, grid.sheet.name, cells))
    return found


def _of_sheet(grid: Grid, parts: list[Layout], read: set[tuple[int, int]]) -> list[Unread]:
    headings = {row for part in parts for row in (*part.header_rows, part.unit_row)}
    labels = {c for part in parts for c in (*part.row_labels, part.unit_column)}
    whole = {row for row, column in read if column == 0}
    rows_read = {row for row, _ in read}
    columns: Counter[int] = Counter()
    rows: Counter[int] = Counter()
    top = min(min(part.header_rows) for part in parts)
    for row in range(top, len(grid.rows) + 1):
        filled = _filled(grid, row)
        if row in headings or row in whole or len(filled) < 2:
            continue
        for column in filled:
            if (row, column) in read:
                continue
            if row not in rows_read:
                rows[row] += column not in labels
            elif column not in labels:
                columns[column] += 1
    lowest = max(max(part.header_rows) for part in parts)
    name = grid.sheet.name
    found = [
        Unread("column", name, column, _heading(grid, parts, column), count)
        for column, count in sorted(columns.items())
    ]
    found += [
        Unread("row", name, row, grid.at(row, grid.printed(row)[0]).strip(BLANKS), count)
        for row, count in sorted(rows.items())
        if count
        and row > top
        and (row > lowest or any(map(str.isdigit, "".join(grid.rows[row - 1]))))
    ]
    return found


def _filled(grid: Grid, row: int) -> list[int]:
    """Columns where something is printed, be it a formula without a result."""
    return sorted({*grid.printed(row), *grid.odd_columns.get(row, ())})


def _heading(grid: Grid, parts: list[Layout], column: int) -> str:
    texts = (grid.merged(row, column).strip(BLANKS) for row in parts[0].header_rows)
    return " ".join(" ".join(text.split()) for text in dict.fromkeys(texts) if text)


def cells_unread(found: Iterable[Unread]) -> int:
    return sum(entry.cells for entry in found)
