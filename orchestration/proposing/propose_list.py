"""Propose how to read a list with fixed columns: the heading that names most of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from expectations.rules import load_rules
from orchestration.errors import GreenparkError
from orchestration.forms.form_sheets import is_of_form
from orchestration.landing.map.captions import part_of_year
from orchestration.landing.map.catalogue import Dataset
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.columns import match_columns
from orchestration.landing.map.labels import BLANKS, clean_label
from orchestration.landing.map.list_units import fits, headed_units, scales_of, stated_unit
from orchestration.landing.map.vocabulary import Meaning
from orchestration.landing.read.sheet import Unreadable, column_letters
from orchestration.landing.read.sidecar import Layout
from orchestration.proposing.anatomy import MARK_MEANINGS, MARKS, Grid, main_sheet
from orchestration.proposing.list_headings import ListNames
from orchestration.proposing.proposal import (
    Answers,
    Candidate,
    Missing,
    Note,
    Proposal,
    Unknown,
    nearest,
)
from orchestration.proposing.unread import Unread

PREVIEW_CELLS = 12
CAPTION_ROWS = 10  # looked at for a line that states the unit
HEADING_ROWS = 30  # among which the heading is looked for


@dataclass
class Heading:
    """The rows of a list's heading, and what each of its columns is."""

    grid: Grid
    rows: list[int]
    names: ListNames

    @property
    def columns(self) -> range:
        return range(1, self.grid.width + 1)

    @property
    def first(self) -> int:
        """The first row below the heading."""
        return max(self.rows) + 1

    def texts(self, column: int) -> list[str]:
        """The printed cells over a column, from the top."""
        return [text for row in self.rows if (text := self.grid.at(row, column).strip(BLANKS))]

    def name(self, column: int) -> str:
        """The column of the dataset; '' if none."""
        return self.names.meaning(self.texts(column))

    def is_that_of(self, grid: Grid) -> bool:
        """Does another sheet that is seen go on with this list, under the same heading and unit?"""
        if grid.sheet.is_hidden or grid.sheet.size or len(grid.rows) < self.rows[-1]:
            return False
        return self._printed_in(self.grid) == self._printed_in(grid)

    def _printed_in(self, grid: Grid) -> tuple[str, list[list[str]]]:
        unit = stated_unit(" ".join(row) for row in grid.rows[: self.rows[0] - 1])
        rows = (grid.rows[row - 1] for row in self.rows)
        return unit, [[text.strip(BLANKS) for text in row] for row in rows]

    def has_values(self, column: int) -> bool:
        rows = range(self.first, len(self.grid.rows) + 1)
        return any(self.grid.at(row, column).strip(BLANKS) for row in rows)

    @property
    def found(self) -> int:
        """How many columns of the dataset it names."""
        printed = (self.texts(column) for column in self.columns)
        return len({self.names.meaning(texts) for texts in printed if texts} - {""})

    @property
    def is_whole(self) -> bool:
        """Is the second of two rows a part of the heading, and no row of data?

        What stands in it means a column by itself, or goes on with what stands above.
        """
        if len(self.rows) == 1:
            return True
        for column in self.columns:
            lowest = self.grid.at(self.rows[-1], column).strip(BLANKS)
            joined = clean_label(" ".join(self.texts(column)))
            if lowest and not self.names.meaning([lowest]) and not self.names.meaning([joined]):
                return False
        return True


def propose_list(
    proposal: Proposal, grids: list[Grid], base: dict[str, Any], answers: Answers
) -> None:
    """The heading whose cells name the most columns of the dataset; what it does not name.

    Raises GreenparkError where no heading does, or nothing is left.
    """
    dataset = proposal.dataset
    lines_above = [" ".join(row) for grid in grids for row in grid.rows[:CAPTION_ROWS]]
    names = ListNames(dataset, answers, stated_unit(lines_above))
    heading = _find_heading(proposal, grids, answers, names)
    grid = heading.grid
    layout: dict[str, Any] = {"kind": "records", **base, "header_rows": heading.rows}
    _say_sheets(proposal, grids, heading, layout, answers)
    captions = [
        " ".join(text for text in grid.rows[row - 1] if text.strip())
        for row in range(1, min(heading.rows))
    ]
    proposal.captions = [line for line in captions if line]
    _say_period(proposal, grid)
    ignored = _say_columns(proposal, heading, answers, layout)
    proposal.unread = _unread(heading, ignored)
    if answers.constants:
        layout["field_values"] = dict(answers.constants)
    given = {heading.name(column) for column in heading.columns}
    _place_unit(dataset, *_unit_of(heading, captions, dataset, answers), given, layout)
    _say_marks(proposal, heading, layout, answers)
    proposal.layout = layout
    measures = {column.name for column in dataset.columns if column.is_measure}
    proposal.is_left_out_whole = bool(measures) and not measures & given
    if ignored and proposal.is_left_out_whole:
        raise GreenparkError(
            f"{proposal.path.name}: with what is unknown left out, no quantity is left",
            "name another dataset with --as, or say what a heading means with --label",
        )
    for column in dataset.columns:
        if column.is_required and column.name not in given | set(layout.get("field_values", {})):
            proposal.missing.append(Missing(column.name, f"--set {column.name}="))
    if not proposal.unknown and not proposal.missing:
        _say_scales(proposal, heading, captions)
    _preview(proposal, heading)


def _find_heading(
    proposal: Proposal, grids: list[Grid], answers: Answers, names: ListNames
) -> Heading:
    """The row, or the two rows, that name the most columns; of the same the fewer and upper."""
    best: Heading | None = None
    rank = (0, 0)
    for grid in grids:
        if grid.sheet.is_hidden or (answers.sheet and grid.sheet.name != answers.sheet):
            continue
        for row in range(1, min(len(grid.rows), HEADING_ROWS) + 1):
            for rows in ([row], [row, row + 1]):
                heading = Heading(grid, rows, names)
                if rows[-1] > len(grid.rows) or not heading.is_whole:
                    continue
                found = (heading.found, -len(rows))
                if found[0] and (best is None or found > rank):
                    best, rank = heading, found
    if best is None:
        dataset = proposal.dataset
        raise GreenparkError(
            f"{proposal.path.name}: no row names a column of {dataset.name}",
            f"its columns: {', '.join(column.label_zh for column in dataset.columns)}",
        )
    return best


def _say_sheets(
    proposal: Proposal,
    grids: list[Grid],
    heading: Heading,
    layout: dict[str, Any],
    answers: Answers,
) -> None:
    """Name the sheet that is read if it is not the first, those that go on with it, and those
    that are not read.
    """
    grid = heading.grid
    if grid.sheet.name and grid.sheet.name != main_sheet([g.sheet for g in grids]):
        layout["sheet"] = grid.sheet.name
    filled = [
        g
        for g in grids
        if g is not grid
        and any(map(any, g.rows))
        and not is_of_form(g.sheet.name, g.rows[0], proposal.dataset.name)
    ]
    alike = [] if answers.sheet else [g.sheet.name for g in filled if heading.is_that_of(g)]
    if alike:
        layout["blocks"] = [{"sheet": name} for name in alike]
        read = ", ".join(alike)
        proposal.notes.append(Note(f"read with it: {read}", f"一并读入的工作表：{read}"))
    others = [g.sheet.name for g in filled if g.sheet.name not in alike]
    if others and not grid.sheet.size:
        layout["ignore_sheets"] = others
        left_out = ", ".join(others)
        proposal.notes.append(Note(f"sheets left out: {left_out}", f"不读的工作表：{left_out}"))


def _say_columns(
    proposal: Proposal, heading: Heading, answers: Answers, layout: dict[str, Any]
) -> list[int]:
    """Put what the headings mean into the layout; returns the columns that are left out."""
    fields: dict[str, str] = {}
    ignored = []
    for column in heading.columns:
        texts = heading.texts(column)
        if not texts:
            if heading.has_values(column):
                letter = column_letters(column)
                proposal.unknown.append(Unknown("column", letter, 1, [], f"column {column}"))
                if answers.leave_out:
                    ignored.append(column)
            continue
        name = heading.name(column)
        if not name and heading.names.is_without_data(texts):
            ignored.append(column)
            continue
        proposal.cells += 1
        proposal.labels += 1
        printed = clean_label(" ".join(texts))
        if name:
            proposal.matched += 1
            proposal.labels_known += 1
            if not heading.names.is_found_by_landing(texts, name):
                fields[printed] = name
            continue
        near = _nearest(proposal.dataset, printed)
        proposal.unknown.append(Unknown("column", printed, 1, near, f"column {column}"))
        if answers.leave_out:
            ignored.append(column)
    if fields:
        layout["fields"] = fields
    if ignored:
        layout["ignore_columns"] = ignored
    if answers.leave_out:
        proposal.unknown = []
    return ignored


def _nearest(dataset: Dataset, printed: str) -> list[Candidate]:
    """The columns whose names are most like a heading."""
    known = {clean_label(c.label_zh): c.name for c in dataset.columns}
    known |= {clean_label(c.label_en): c.name for c in dataset.columns}
    known |= {c.name: c.name for c in dataset.columns}
    return [Candidate(c.code, c.code, c.similarity) for c in nearest(printed, known)]


def _say_scales(proposal: Proposal, heading: Heading, captions: list[str]) -> None:
    """Say what the landing will do with this heading, while there is time to say so."""
    dataset = proposal.dataset
    texts = ["\n".join(heading.texts(column)) for column in heading.columns]
    try:
        read = Layout.model_validate(proposal.layout)
        scales = scales_of(texts, match_columns(texts, read, dataset), captions, read, dataset)
    except Unreadable as error:
        rule = load_rules()[error.rule]
        proposal.notes.append(
            Note(
                f"{rule.statement_en}: {error.detail}. {rule.remedy_en}",
                f"{rule.statement_zh}：{error.detail_zh}。{rule.remedy_zh}",
            )
        )
        return
    for column in dataset.columns:
        if column.name in scales:
            times = f"{scales[column.name]:.15g}"
            proposal.notes.append(
                Note(
                    f"{column.name}: printed in another unit, kept in {column.unit}: "
                    f"multiplied by {times}",
                    f"{column.name}：印刷单位不同，以 {column.unit} 计，乘以 {times}",
                )
            )


def _preview(proposal: Proposal, heading: Heading) -> None:
    """The first rows as they would land."""
    grid = heading.grid
    names = {c: name for c in heading.columns if (name := heading.name(c))}
    for row in range(heading.first, min(heading.first + PREVIEW_CELLS, len(grid.rows) + 1)):
        cell = Cell(row, 0, "", "\t".join(grid.rows[row - 1]), sheet_name=grid.sheet.name)
        cell.meanings = {
            name: Meaning(text := grid.at(row, column).strip(BLANKS), text)
            for column, name in names.items()
        }
        proposal.preview.append(cell)


def _say_marks(
    proposal: Proposal, heading: Heading, layout: dict[str, Any], answers: Answers
) -> None:
    """What stands in place of numbers, as for a table; a mark is never taken for nothing."""
    grid = heading.grid
    numbers = {column.name for column in proposal.dataset.columns if column.is_number}
    places = [column for column in heading.columns if heading.name(column) in numbers]
    marks = Counter(
        text
        for row in range(heading.first, len(grid.rows) + 1)
        if grid.printed(row)
        for column in places
        if (text := grid.at(row, column).strip(BLANKS)) in MARKS or not text
    )
    proposal.marks = {mark or "blank": number for mark, number in marks.items()}
    known = {mark: MARK_MEANINGS.get(mark, "not_available") for mark in sorted(marks) if mark}
    if known | answers.marks:
        layout["missing_marks"] = {"": "not_available"} | known | answers.marks
    for mark in sorted(set(known) - set(MARK_MEANINGS) - set(answers.marks)):
        proposal.notes.append(
            Note(
                f"{mark} is read as not_available; if it is nothing, --mark '{mark}=zero'",
                f"{mark} 读作数据不详；若表示零，用 --mark '{mark}=zero'",
            )
        )


def _say_period(proposal: Proposal, grid: Grid) -> None:
    """Say that the list is of a part of a year, where a line above it or its sheet says so."""
    lines = [*proposal.captions, grid.sheet.name]
    period = next((found for line in lines if (found := part_of_year(line))), "")
    if period:
        proposal.notes.append(
            Note(
                f"{period} is a part of a year: it does not land as the year",
                f"{period} 是一年的一部分，不作为全年数装载",
            )
        )


def _unread(heading: Heading, ignored: list[int]) -> list[Unread]:
    """The columns left out, with what is printed in them."""
    grid = heading.grid
    found = []
    for column in ignored:
        name = clean_label(" ".join(heading.texts(column)))
        rows = range(heading.first, len(grid.rows) + 1)
        cells = sum(bool(grid.at(row, column).strip(BLANKS)) for row in rows)
        found.append(Unread("column", grid.sheet.name, column, name, cells))
    return found


def _unit_of(
    heading: Heading, captions: list[str], dataset: Dataset, answers: Answers
) -> tuple[str, bool]:
    """The unit of a list, of `--unit` or as printed, and whether the user said it."""
    texts = ["\n".join(heading.texts(column)) for column in heading.columns]
    found = {
        name: column
        for column, text in enumerate(texts, start=1)
        if text and (name := heading.names.meaning([text]))
    }
    headed = set(headed_units(texts, found, dataset).values())
    unit = answers.unit or stated_unit(captions) or (headed.pop() if len(headed) == 1 else "")
    return unit, bool(answers.unit)


def _place_unit(
    dataset: Dataset,
    unit: str,
    is_asked: bool,
    given: set[str],
    layout: dict[str, Any],
) -> None:
    """Put the unit of `--unit`, or that the file prints, where the landing finds it."""
    if not unit:
        return
    own = next((c.name for c in dataset.columns if c.code_list == "unit_labels"), "")
    if own and own not in given:
        layout.setdefault("field_values", {}).setdefault(own, unit)
        return
    fitting = [c for c in dataset.columns if c.is_measure and c.name in given and fits(unit, c)]
    if fitting and is_asked:
        layout["unit"] = unit
    elif is_asked:
        kept = ", ".join(f"{c.name} ({c.unit})" for c in dataset.columns if c.unit)
        raise GreenparkError(
            f"--unit {unit}: no column of this file is kept in such a unit",
            f"{dataset.name} keeps {kept or own}; a unit column overrides --unit",
        )
