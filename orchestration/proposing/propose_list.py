"""Propose how to read a list with fixed columns: the heading that names most of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from orchestration.errors import GreenparkError
from orchestration.forms.form_sheets import is_of_form
from orchestration.landing.map.captions import part_of_year
from orchestration.landing.map.catalogue import Dataset
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.columns import column_names, match_columns
from orchestration.landing.map.labels import BLANKS, clean_label, split_unit
from orchestration.landing.map.list_units import (
    column_of_unit,
    fits,
    headed_units,
    scales_of,
    stated_unit,
)
from orchestration.landing.map.vocabulary import Meaning
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout
from orchestration.proposing.anatomy import MARK_MEANINGS, MARKS, Grid, main_sheet
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


def propose_list(
    proposal: Proposal, grids: list[Grid], base: dict[str, Any], answers: Answers
) -> None:
    """The heading whose cells name the most columns of the dataset; what it does not name."""
    dataset = proposal.dataset
    names = column_names(dataset)
    own = {clean_label(printed).casefold(): meant for printed, meant in answers.labels.items()}
    columns = {column.name for column in dataset.columns}
    for printed, meant in answers.labels.items():
        if meant not in columns:
            raise GreenparkError(
                f"--label {printed}={meant}: {dataset.name} has no column {meant}",
                f"its columns are {', '.join(column.name for column in dataset.columns)}",
            )

    lines_above = [" ".join(row) for grid in grids for row in grid.rows[:CAPTION_ROWS]]
    stated = stated_unit(lines_above)

    def meaning(texts: list[str]) -> str:
        lines = [clean_label(line) for text in texts for line in (text, *text.splitlines())]
        lines += [clean_label(" ".join(texts))]
        lines += [split_unit(line)[0] for line in lines]
        tries = [t for line in lines for t in (line.casefold(), line.casefold().rstrip("* "))]
        return (
            next((own[t] for t in tries if t in own), "")
            or next((names[t] for t in tries if t in names), "")
            or column_of_unit(dataset, "\n".join(texts), answers.unit or stated)
        )

    best: tuple[int, int, Grid, list[int]] | None = None
    for grid in grids:
        if grid.sheet.is_hidden or (answers.sheet and grid.sheet.name != answers.sheet):
            continue
        for row in range(1, min(len(grid.rows), 30) + 1):
            for header in ([row], [row, row + 1]):
                if header[-1] > len(grid.rows):
                    continue
                texts = [[grid.at(r, c) for r in header if grid.at(r, c).strip(BLANKS)]
                         for c in range(1, grid.width + 1)]  # fmt: skip
                found = len({meaning(t) for t in texts if t} - {""})
                if len(header) > 1 and not all(
                    meaning([grid.at(header[1], c)]) or not grid.at(header[1], c).strip(BLANKS)
                    for c in range(1, grid.width + 1)
                ):
                    continue
                if found and (best is None or (found, -len(header)) > (best[0], -len(best[3]))):
                    best = (found, row, grid, header)
    if best is None:
        raise GreenparkError(
            f"{proposal.path.name}: no row names a column of {dataset.name}",
            f"its columns: {', '.join(column.label_zh for column in dataset.columns)}",
        )
    _, _, grid, header = best
    layout: dict[str, Any] = {"kind": "records", **base, "header_rows": header}
    if grid.sheet.name and grid.sheet.name != main_sheet([g.sheet for g in grids]):
        layout["sheet"] = grid.sheet.name
    others = [
        g.sheet.name
        for g in grids
        if g is not grid
        and any(map(any, g.rows))
        and not is_of_form(g.sheet.name, g.rows[0], dataset.name)
    ]
    if others and not grid.sheet.size:
        layout["ignore_sheets"] = others
        left_out = ", ".join(others)
        proposal.notes.append(Note(f"sheets left out: {left_out}", f"不读的工作表：{left_out}"))
    captions = [
        " ".join(text for text in grid.rows[row - 1] if text.strip())
        for row in range(1, min(header))
    ]
    proposal.captions = [line for line in captions if line]
    _say_period(proposal, grid)
    fields: dict[str, str] = {}
    ignored = []
    for column in range(1, grid.width + 1):
        texts = [t for r in header if (t := grid.at(r, column).strip(BLANKS))]
        if not texts:
            continue
        proposal.cells += 1
        proposal.labels += 1
        name = meaning(texts)
        printed = clean_label(" ".join(texts))
        if not name:
            known = {clean_label(c.label_zh): c.name for c in dataset.columns}
            known |= {clean_label(c.label_en): c.name for c in dataset.columns}
            known |= {c.name: c.name for c in dataset.columns}
            near = [Candidate(c.code, c.code, c.similarity) for c in nearest(printed, known)]
            entry = Unknown("column", printed, 1, near, f"column {column}")
            proposal.unknown.append(entry)
            if answers.leave_out:
                ignored.append(column)
            continue
        proposal.matched += 1
        proposal.labels_known += 1
        joined = clean_label("\n".join(texts)).casefold()
        lines = [joined, *(clean_label(t).casefold() for t in "\n".join(texts).splitlines())]
        tries = [t for line in lines for t in (line, line.rstrip("* "))]
        if not any(names.get(t) == name for t in tries):
            fields[printed] = name
    if fields:
        layout["fields"] = fields
    if ignored:
        layout["ignore_columns"] = ignored
        proposal.unknown = []
    proposal.unread = _unread(grid, header, ignored)
    if answers.constants:
        layout["field_values"] = dict(answers.constants)
    given = {meaning([t for r in header if (t := grid.at(r, c).strip(BLANKS))])
             for c in range(1, grid.width + 1)}  # fmt: skip
    headings = [
        "\n".join(t for r in header if (t := grid.at(r, c).strip(BLANKS)))
        for c in range(1, grid.width + 1)
    ]
    found = {n: c for c, t in enumerate(headings, start=1) if t and (n := meaning([t]))}
    headed = set(headed_units(headings, found, dataset).values())
    unit = answers.unit or stated_unit(captions) or (headed.pop() if len(headed) == 1 else "")
    _place_unit(dataset, unit, bool(answers.unit), given, layout)
    _say_marks(proposal, grid, header, layout, answers, meaning)
    proposal.layout = layout
    measures = {column.name for column in dataset.columns if column.is_measure}
    proposal.is_left_out_whole = bool(measures) and not measures & given
    if ignored and proposal.is_left_out_whole:
        raise GreenparkError(
            f"{proposal.path.name}: with what is unknown left out, no quantity is left",
            "name another dataset with --as, or say what a heading means with --label",
        )
    for column_ in dataset.columns:
        if column_.is_required and column_.name not in given | set(layout.get("field_values", {})):
            proposal.missing.append(Missing(column_.name, f"--set {column_.name}="))
    if not proposal.unknown and not proposal.missing:
        try:  # what the landing will do with this heading, while there is time to say so
            texts = ["\n".join(t for r in header if (t := grid.at(r, c).strip(BLANKS)))
                     for c in range(1, grid.width + 1)]  # fmt: skip
            read = Layout.model_validate(layout)
            found = match_columns(texts, read, dataset)
            scales = scales_of(texts, found, captions, read, dataset)
            for column_ in dataset.columns:
                if column_.name in scales:
                    times = f"{scales[column_.name]:.15g}"
                    proposal.notes.append(
                        Note(
                            f"{column_.name}: printed in another unit, kept in {column_.unit}: "
                            f"multiplied by {times}",
                            f"{column_.name}：印刷单位不同，以 {column_.unit} 计，乘以 {times}",
                        )
                    )
        except Unreadable as error:
            proposal.notes.append(Note(*[f"{error.rule}: {error.detail}"] * 2))
    first = max(header) + 1
    for row in range(first, min(first + PREVIEW_CELLS, len(grid.rows) + 1)):
        cell = Cell(row, 0, "", "\t".join(grid.rows[row - 1]), sheet_name=grid.sheet.name)
        cell.meanings = {
            name: Meaning(text := grid.at(row, c).strip(BLANKS), text)
            for c in range(1, grid.width + 1)
            if (name := meaning([t for r in header if (t := grid.at(r, c).strip(BLANKS))]))
        }
        proposal.preview.append(cell)


def _say_marks(
    proposal: Proposal,
    grid: Grid,
    header: list[int],
    layout: dict[str, Any],
    answers: Answers,
    meaning: Callable[[list[str]], str],
) -> None:
    """What stands in place of numbers, as for a table; a mark is never taken for nothing."""
    numbers = {column.name for column in proposal.dataset.columns if column.is_number}
    places = [
        c
        for c in range(1, grid.width + 1)
        if meaning([t for r in header if (t := grid.at(r, c).strip(BLANKS))]) in numbers
    ]
    marks = Counter(
        text
        for row in range(max(header) + 1, len(grid.rows) + 1)
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
                f"{period} 是一年的一部分，不作为全年数入库",
            )
        )


def _unread(grid: Grid, header: list[int], ignored: list[int]) -> list[Unread]:
    """The columns left out, with what is printed in them."""
    found = []
    for column in ignored:
        name = " ".join(t for r in header if (t := grid.at(r, column).strip(BLANKS)))
        rows = range(max(header) + 1, len(grid.rows) + 1)
        cells = sum(bool(grid.at(row, column).strip(BLANKS)) for row in rows)
        found.append(Unread("column", grid.sheet.name, column, clean_label(name), cells))
    return found


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
            f"{dataset.name} keeps {kept or own}; a unit column goes before --unit",
        )
