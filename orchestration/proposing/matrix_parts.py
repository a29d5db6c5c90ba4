"""The parts of a layout: one for each table of the file that fits the dataset."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any, NamedTuple

from orchestration.landing.read.formats import WHITESPACE
from orchestration.proposing.anatomy import Block, Grid, main_sheet
from orchestration.proposing.label_places import (
    ACROSS,
    Place,
    SetColumns,
    columns_of,
    deeper_columns,
    is_filled_down,
    needs_fill,
    place_concepts,
    rows_of,
    set_headings,
)
from orchestration.proposing.matrix_constants import find_constants
from orchestration.proposing.matrix_task import FITTING, MatrixTask, Table, across
from orchestration.proposing.matrix_units import find_units
from orchestration.proposing.quantity_pairs import columns_of_pairs, find_pairs


class Part(NamedTuple):
    """A part of a layout, and the share of its headings that are known."""

    known: float
    layout: dict[str, Any]


def find_parts(task: MatrixTask) -> list[dict[str, Any]]:
    """A part of the layout for each table that fits the dataset, in the order of the file."""
    default = main_sheet([grid.sheet for grid in task.grids])
    parts: list[tuple[dict[str, Any], Grid]] = []
    ignored = []
    for grid in task.grids:
        sheet = grid.sheet
        if sheet.name != task.main and (sheet.size or task.answers.sheet or sheet.is_hidden):
            if _is_ignored(task, grid):
                ignored.append(sheet.name)
            continue
        before = (list(task.proposal.missing), list(task.proposal.assumed), task.constants)
        found = _parts_of_sheet(task, grid)
        fits = max((part.known for part in found), default=0) >= FITTING
        if sheet.name == task.main or fits:
            parts += [(part.layout, grid) for part in found]
        elif any(map(any, grid.rows)):
            task.proposal.missing, task.proposal.assumed, task.constants = before
            ignored.append(sheet.name)
            if task.blocks(grid):
                task.note(
                    f"sheet {sheet.name} holds a table with no known heading: left out",
                    f"工作表 {sheet.name} 的表头无一可识别：不读",
                )
    if ignored:
        task.base["ignore_sheets"] = ignored
    sheets = {grid.sheet.name for _, grid in parts}
    for part, grid in parts:
        if len(sheets) > 1 or (grid.sheet.name and grid.sheet.name != default):
            part["sheet"] = grid.sheet.name
    return [part for part, _ in parts]


def _is_ignored(task: MatrixTask, grid: Grid) -> bool:
    """Is a sheet beside the one to read left out? A hidden one with numbers is quarantined."""
    sheet = grid.sheet
    if sheet.is_hidden and task.blocks(grid):
        task.note(
            f"sheet {sheet.name} is hidden and holds numbers: it is quarantined unless "
            "ignore_sheets names it",
            f"工作表 {sheet.name} 是隐藏的且有数：除非写入 ignore_sheets，否则会被隔离",
        )
        return False
    return not sheet.size and any(map(any, grid.rows))


def _parts_of_sheet(task: MatrixTask, grid: Grid) -> list[Part]:
    blocks = task.blocks(grid)
    floors = [1, *(block.last + 1 for block in blocks)]
    parts = []
    for block, floor in zip(blocks, floors, strict=False):
        sides = _sides(task, grid, block)
        for side in sides:
            part = _part(task, Table(grid, side), floor, len(sides) > 1)
            if part:
                parts.append(part)
    return parts


def _sides(task: MatrixTask, grid: Grid, block: Block) -> list[Block]:
    """A block, or the blocks of it that stand side by side, each with labels of its own."""
    table = Table(grid, block)
    own = task.rates(table.column_texts(block.labels[0])) if block.labels else {}
    concept = max(own, key=own.__getitem__, default="")
    starts = [
        c
        for c in block.labels
        if any(v < c for v in block.values)
        and any(v > c for v in block.values)
        and concept
        and task.rates(table.column_texts(c)).get(concept, 0) >= FITTING
    ]
    edges = [1, *starts, grid.width + 1]
    return [
        Block(
            block.header,
            block.first,
            block.last,
            *(
                [c for c in columns if left <= c < right]
                for columns in (block.labels, block.years, block.units, block.values)
            ),
        )
        for left, right in pairwise(edges)
    ]


# --- one part ------------------------------------------------------------------------------------


def _part(task: MatrixTask, table: Table, floor: int, is_side: bool) -> Part | None:
    """The part of the layout that reads a table; None if it has no heading or no labels."""
    block = table.block
    headed = set_headings(task, table)
    header = headed[0] if headed else _heading_rows(task, table)
    if not header:
        return None
    set_columns = headed[1] if headed else None
    places = place_concepts(task, table, set_columns)
    row_labels = columns_of(places)
    if not row_labels:
        return None
    units, unit_rows = find_units(task, table, row_labels)
    part: dict[str, Any] = {"header_rows": [r for r in header if r not in unit_rows] or header}
    if max([*part["header_rows"], *unit_rows]) != block.first - 1:
        part["first_data_row"] = block.first
    row_labels |= deeper_columns(table, row_labels)
    part["row_labels"] = dict(sorted(row_labels.items()))
    if set_columns is not None:
        part["columns"] = _set_columns(block, places, set_columns)
        if all("unit" in column for column in part["columns"].values()):
            units = {}
    else:
        part |= _labels_across(table, places, part["header_rows"])
        read = {*block.values, *row_labels, units.get("unit_column")}
        part |= _columns_read(task, table, part, read, is_side)
    _say_the_rest(task, table, part, floor, row_labels, units)
    return Part(_heading_share(task, table, part), part)


def _heading_rows(task: MatrixTask, table: Table) -> list[int]:
    """The rows of the heading; none if there are none, or they do not stand over the figures."""
    if not _stands_over(task, table):
        return []
    if not table.block.header:
        task.note(
            f"row {table.block.first}: no heading above this table",
            f"第{table.block.first}行：此表上方没有表头",
        )
    return list(table.block.header)


def _stands_over(task: MatrixTask, table: Table) -> bool:
    """Of text separated by single blanks: has the heading as many words as the rows have?

    Else a word more in it would put every figure below the heading of its neighbour.
    """
    header, first = table.block.header, table.block.first
    if task.base.get("delimiter") != WHITESPACE or not header:
        return True
    rows = table.grid.rows
    widths = Counter(len(rows[row - 1]) for row in table.rows)
    if len(rows[header[-1] - 1]) == widths.most_common(1)[0][0]:
        return True
    task.note(
        f"row {first}: heading and rows have not the same number of words; part the "
        "columns with tabs or two blanks",
        f"第{first}行：表头与各行的词数不同；请用制表符或两个空格分列",
    )
    return False


def _set_columns(
    block: Block, places: dict[Place, str], set_columns: SetColumns
) -> dict[int, dict[str, Any]]:
    """The columns of a text set with blanks, one by one."""
    concept = places.get(ACROSS)
    return {
        column: {"labels": {concept: label} if concept else {}} | ({"unit": unit} if unit else {})
        for column, (label, unit) in set_columns.items()
        if column in block.values
    }


def _labels_across(table: Table, places: dict[Place, str], header: list[int]) -> dict[str, Any]:
    """The keys that say what the heading holds."""
    rows = {row: places[-row] for row in rows_of(places)}
    keys: dict[str, Any] = {}
    if len(rows) > 1:
        keys["column_labels"] = rows
    elif ACROSS in places or rows:
        keys["column_labels"] = places.get(ACROSS) or next(iter(rows.values()))
    else:
        keys["columns"] = {column: {} for column in table.block.values}
    if "column_labels" in keys and needs_fill(table, header):
        keys["fill_header"] = True
    return keys


def _columns_read(
    task: MatrixTask, table: Table, part: dict[str, Any], read: set[int | None], is_side: bool
) -> dict[str, Any]:
    """The key that says which columns are read, or which are not."""
    if is_side or task.base.get("delimiter") == WHITESPACE:
        return {"value_columns": table.block.values}
    columns = range(1, table.grid.width + 1)
    others = [column for column in columns if column not in read and table.is_filled(column)]
    return {"ignore_columns": others} if others and "column_labels" in part else {}


def _say_the_rest(
    task: MatrixTask,
    table: Table,
    part: dict[str, Any],
    floor: int,
    row_labels: dict[int, str],
    units: dict[str, Any],
) -> None:
    """Put units, filled labels and constants into a part."""
    pairs = find_pairs(table.grid, table.block, task.vocabulary)
    units = {} if pairs else dict(units)
    own = units.pop("columns", {})
    if own:
        part["columns"] = part.get("columns", {}) | own
    part |= units
    if is_filled_down(table, row_labels):
        part["fill_row_labels"] = True
    labels = across(part)
    unlabelled = [] if labels or pairs else table.block.values
    headings = [text for column in unlabelled for text in table.heading(column)]
    constants = find_constants(task, table, floor, {*row_labels.values(), *labels}, headings)
    if constants:
        part["constants"] = constants
        task.constants = constants | task.constants
    if pairs:
        part["columns"] = columns_of_pairs(
            pairs, constants.get("fuel", ""), task.proposal.captions, task.vocabulary
        )


def _heading_share(task: MatrixTask, table: Table, part: dict[str, Any]) -> float:
    labels = part.get("column_labels")
    if not isinstance(labels, str) or labels == "year":
        return 1.0
    known = [task.knows(labels, table.heading(column)) for column in table.block.values]
    return sum(known) / max(len(known), 1)
