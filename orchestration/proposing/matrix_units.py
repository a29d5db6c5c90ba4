"""Where a table prints its units."""

from __future__ import annotations

import re
from typing import Any

from orchestration.landing.map.catalogue import UNIT_LABELS
from orchestration.landing.map.labels import UNIT_STATED, clean_label, split_unit
from orchestration.proposing.anatomy import UNIT_LINE
from orchestration.proposing.matrix_task import UNSAID, MatrixTask, Table


def find_units(
    task: MatrixTask, table: Table, row_labels: dict[int, str]
) -> tuple[dict[str, Any], list[int]]:
    """Where the unit stands, as keys of the layout; and the header rows that are a unit row."""
    keys = _among_the_cells(task, table, row_labels)
    if keys.get("unit_row") or keys.get("unit_column"):
        return keys, [keys["unit_row"]] if "unit_row" in keys else []
    caption = _in_captions(task, table)
    if isinstance(caption, list) and "unit_in" not in keys:
        keys["unit_cell"] = caption
    elif caption:
        text = table.grid.at(*caption) if isinstance(caption, list) else caption
        keys["unit"] = task.vocabulary.find_unit(text)
    elif task.answers.unit:
        keys["unit"], task.is_unit_used = task.answers.unit, True
    elif "unit_in" not in keys:
        keys["unit"] = UNSAID
        # Another unit is printed: that of the other files is no suggestion.
        says_unknown = _say_unknown(task, table)
        unit = None if says_unknown else task.sibling(lambda layout: layout.unit)
        task.miss("unit", "--unit", unit, "as in the other files of this dataset")
    return keys, []


def _among_the_cells(task: MatrixTask, table: Table, row_labels: dict[int, str]) -> dict[str, Any]:
    """Units in a row or column of their own, else in the labels; nothing if there are none."""
    block = table.block
    for row in reversed(block.header[1:]):
        texts = [table.text(row, column) for column in block.values]
        if sum(map(task.vocabulary.is_unit, texts)) >= 0.6 * len(texts):
            return {"unit_row": row}
    columns = [c for c in block.units if c < block.values[0]] or block.units
    if columns:
        return {"unit_column": columns[0]}
    texts = table.column_texts(next(iter(row_labels)))
    units = [split_unit(clean_label(text))[1] for text in texts]
    inside = [unit for unit in units if unit and task.vocabulary.knows_unit(unit)]
    if len(inside) > 0.3 * len(texts):
        return {"unit_in": "row_label"}
    headed = {
        column: unit for column in block.values if (unit := unit_in(task, table.heading(column)))
    }
    if len(headed) >= 0.6 * len(block.values):
        return {"unit_in": "column_label"}
    if headed:
        return {"columns": {column: {"unit": unit} for column, unit in headed.items()}}
    return {}


def unit_in(task: MatrixTask, heading: list[str]) -> str:
    """The unit that a heading gives in brackets, in a line or after a comma."""
    whole = clean_label(" ".join(heading))
    texts = [clean_label(text) for text in heading]
    tries = re.findall(r"\(([^()]+)\)", whole)
    tries += [split_unit(text)[1] for text in (*texts, whole)]
    return next((u for t in tries if t and (u := task.known_unit(t))), "")


def _say_unknown(task: MatrixTask, table: Table) -> bool:
    """Say which unit a line above the table states, if no table of the reference knows it."""
    is_said = False
    for row in _lines_above(table):
        for column in table.grid.printed(row):
            text = clean_label(table.text(row, column))
            if UNIT_LINE.search(text) and (stated := UNIT_STATED.search(text)):
                task.note(
                    f"row {row} says the unit is {stated[1]}, which no table knows: add it to "
                    f"seeds/reference/{UNIT_LABELS}",
                    f"第{row}行所写单位 {stated[1]} 不在 seeds/reference/{UNIT_LABELS}，请加入",
                )
                is_said = True
            for part in re.findall(r"\(([^()]+)\)", text):
                if len(units := _units_within(task, part)) > 1:
                    named = ", ".join(sorted(units))
                    task.note(
                        f"row {row} prints more than one unit: {named}",
                        f"第{row}行印有多个单位：{named}",
                    )
                    is_said = True
    return is_said


def _lines_above(table: Table) -> range:
    """The rows above the heading that may state the unit, from the lowest."""
    return range(table.top - 1, max(table.top - 8, 0), -1)


def _units_within(task: MatrixTask, text: str) -> set[str]:
    """The units of a text in brackets, whole or one beside another."""
    if unit := task.known_unit(text):
        return {unit}
    pieces = map(str.strip, re.split(r"[,，;；、]", text))
    return {unit for piece in pieces if (unit := task.known_unit(piece))}


def _in_captions(task: MatrixTask, table: Table) -> list[int] | str:
    """The place of the unit above the heading, or the unit itself where it is in a title."""
    grid = table.grid
    lines = _lines_above(table)
    for row in lines:
        for column in grid.printed(row):
            text = table.text(row, column)
            if UNIT_LINE.search(text) and task.vocabulary.knows_unit(text):
                return [row, column]
    for row in lines:
        for column in grid.printed(row):
            for part in re.findall(r"[(（]([^()（）]+)[)）]", grid.at(row, column)):
                known = _units_within(task, part)
                if len(known) == 1:  # of two units the first is not that of the table
                    return known.pop()
    return task.known_unit(task.unit) if task.unit else ""
