"""The keys of a layout that hold for all parts: marks, footnotes, the end, the user's own words."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from orchestration.errors import GreenparkError
from orchestration.landing.map.labels import BLANKS
from orchestration.landing.read.sidecar import END_MARKS, SUB_ITEM_MARKS
from orchestration.proposing.anatomy import MARK_MEANINGS, MARKS, SAMPLED_ROWS
from orchestration.proposing.matrix_task import FOOTNOTES, MatrixTask, Table, bare

# The key of the layout that says which sign inputs of transformation are printed with.
TRANSFORMATION_INPUTS = "transformation_inputs"
SPACED = re.compile(r"^[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+(\.\d+)?$")


def say_marks(task: MatrixTask, layout: dict[str, Any]) -> None:
    """Put the keys into a layout."""
    tables = [Table(grid, block) for grid in task.grids for block in task.blocks(grid)]
    marks: Counter[str] = Counter()
    footnotes: set[str] = set()
    for text in (text for table in tables for text in _values(table)):
        if text in MARKS or not text:
            marks[text] += 1
        elif SPACED.search(text):
            layout["thousands"] = " "
        elif text[-1] in FOOTNOTES and text[:-1].strip(BLANKS):
            footnotes.add(text[-1])
    labels = Counter(
        text for table in tables for c in table.block.labels for text in table.column_texts(c)
    )
    task.proposal.sub_items = _sub_items(labels)
    footnotes |= _footnotes_of(labels)
    task.proposal.marks = {mark or "blank": number for mark, number in marks.items()}
    layout["missing_marks"] = _meanings(task, marks) | task.answers.marks
    if footnotes:
        layout["footnote_marks"] = sorted(footnotes)
    if task.answers.constants.get(TRANSFORMATION_INPUTS):
        layout[TRANSFORMATION_INPUTS] = task.answers.constants[TRANSFORMATION_INPUTS]
    _say_end(task, layout)
    if task.answers.labels:
        layout["labels"] = _own_words(task)


def _values(table: Table) -> list[str]:
    return [table.text(row, column) for row in table.rows for column in table.block.values]


def _sub_items(labels: Counter[str]) -> dict[str, int]:
    """The marks of sub-items, with how many labels begin with each."""
    return dict(
        Counter(
            mark
            for text in labels
            for mark in SUB_ITEM_MARKS
            if text.lower().startswith(mark.lower()) and len(text) > len(mark)
        )
    )


def _footnotes_of(labels: Counter[str]) -> set[str]:
    """Footnote signs on labels: 甲市① beside 甲市 is another region, not a footnote to the same."""
    plain = Counter(bare(text) for text in labels)
    return {
        mark for text in labels for mark in text if mark in FOOTNOTES and plain[bare(text)] == 1
    }


def _meanings(task: MatrixTask, marks: Counter[str]) -> dict[str, str]:
    """What each mark is proposed to mean; says where that is a guess."""
    meanings = {"": "not_available"}
    for mark in sorted(filter(None, marks)):
        meanings[mark] = MARK_MEANINGS.get(mark, "not_available")
        if mark not in MARK_MEANINGS:
            task.note(
                f"{mark} is read as not_available; if it is nothing, --mark '{mark}=zero'",
                f"{mark} 读作数据不详；若表示零，用 --mark '{mark}=zero'",
            )
    return meanings


def _say_end(task: MatrixTask, layout: dict[str, Any]) -> None:
    """Say where the table ends if what stands below does not say it."""
    grid = next(grid for grid in task.grids if grid.sheet.name == task.main)
    blocks = task.blocks(grid)
    if len(grid.rows) == SAMPLED_ROWS or layout.get("blocks"):
        return
    below = []
    for row in range(blocks[-1].last + 1, len(grid.rows) + 1):
        texts = [text.strip(BLANKS) for text in grid.rows[row - 1] if text.strip(BLANKS)]
        known = (task.knows(c, [text]) for text in texts[:2] for c in task.concepts)
        if texts and not any(known):
            below.append(texts[0])
    if below and not below[0].startswith(END_MARKS):
        layout["last_data_row"] = blocks[-1].last


def _own_words(task: MatrixTask) -> dict[str, dict[str, str]]:
    """What the user says that labels mean, by concept. Raises GreenparkError if nobody knows it."""
    words: dict[str, dict[str, str]] = {}
    for printed, meant in task.answers.labels.items():
        fitting = [c for c in task.concepts if task.vocabulary.knows(c, meant)]
        if not fitting:
            raise GreenparkError(
                f"--label {printed}={meant}: {meant} stands in no alias table",
                "name a label or code that does, or add a row to the table",
            )
        for concept in fitting:
            words.setdefault(concept, {})[printed] = meant
    return words
