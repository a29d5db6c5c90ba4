"""Which labels are what: the concept in each column of labels and across the heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from orchestration.landing.map.labels import BLANKS, clean_label, split_unit
from orchestration.landing.read.formats import GAPS, WHITESPACE
from orchestration.proposing.matrix_task import FITTING, MatrixTask, Table

HEADINGS = {
    "year": r"年\s*份|年\s*度|year",
    "region": r"地\s*区|省|城\s*市|region|area|cit(y|ies)",
    "fuel": r"品\s*种|燃\s*料|fuel",
    "item": r"行\s*业|项\s*目|sector|item",
    "indicator": r"指\s*标|indicator",
}
# What most labels of a concept end with.
SHAPES = {"region": r"[省市区县州盟旗][①-⑳*\d]?$", "item": r"业$"}
ACROSS: Literal["across"] = "across"
# A column of labels, a row of the heading as its negative, or the heading taken whole.
Place = int | Literal["across"]
# A column of a text set with blanks to the label and unit of its heading.
SetColumns = dict[int, tuple[str, str]]


class Score(NamedTuple):
    """How well the labels of a place fit a concept."""

    share: float
    concept: str
    place: Place


def rows_of(places: Mapping[Place, str]) -> list[int]:
    """The rows of the heading among places."""
    return sorted(-place for place in places if isinstance(place, int) and place < 0)


def columns_of(places: Mapping[Place, str]) -> dict[int, str]:
    """The columns of labels among places, with their concepts."""
    return {p: concept for p, concept in places.items() if isinstance(p, int) and p > 0}


def place_concepts(
    task: MatrixTask, table: Table, set_columns: SetColumns | None
) -> dict[Place, str]:
    """Concept by place."""
    scores = _scores_down(task, table)
    if set_columns is None:
        scores += _scores_of_rows(task, table)
        headings = [table.heading(column) for column in table.block.values]
    else:
        headings = [[set_columns[c][0]] for c in table.block.values if c in set_columns]
    if not _has_two_levels(scores):
        for concept in task.concepts:
            known = [task.knows(concept, texts) for texts in headings if texts]
            scores.append(Score(sum(known) / len(known) if known else 0.0, concept, ACROSS))
    places = _best(scores)
    _place_the_rest(task, table, places)
    if ACROSS in places and set_columns is None:
        _part_levels(task, table, places)
    rows = rows_of(places)
    if len(rows) == 1:
        places[ACROSS] = places.pop(-rows[0])
    return places


def _scores_down(task: MatrixTask, table: Table) -> list[Score]:
    """Each concept in each column of labels: known labels, the heading, the shape of the words."""
    scores: list[Score] = []
    for column in table.block.labels:
        texts = table.column_texts(column)
        heading = " ".join(table.heading(column))
        for concept, share in task.rates(texts).items():
            hint = 0.2 if re.search(HEADINGS[concept], heading, re.I) else 0
            shape = SHAPES.get(concept)
            if shape and sum(bool(re.search(shape, t)) for t in texts) > 0.6 * len(texts):
                hint += 0.35
            scores.append(Score(share + hint, concept, column))
    if "year" in task.concepts:
        scores += [Score(1.5, "year", column) for column in table.block.years]
    return scores


def _scores_of_rows(task: MatrixTask, table: Table) -> list[Score]:
    """Each concept in each row of the heading."""
    scores: list[Score] = []
    for row in table.block.header:
        texts = [text for column in table.block.values if (text := table.merged_text(row, column))]
        scores += [
            Score(share - 0.01, concept, -row) for concept, share in task.rates(texts).items()
        ]
    return scores


def _best(scores: list[Score]) -> dict[Place, str]:
    """The best place of each concept; the heading is taken whole or by its rows, not both."""
    places: dict[Place, str] = {}
    for share, concept, place in sorted(scores, key=lambda s: (-s.share, str(s.place))):
        if share < FITTING or concept in places.values() or place in places:
            continue
        if place == ACROSS and rows_of(places):
            continue
        if isinstance(place, int) and place < 0 and ACROSS in places:
            continue
        places[place] = concept
    return places


def _part_levels(task: MatrixTask, table: Table, places: dict[Place, str]) -> None:
    """Where one label stands over several columns, the heading above it tells them apart."""
    concept = places[ACROSS]
    found = [
        task.vocabulary.find(concept, table.heading(column), {}) for column in table.block.values
    ]
    left = [c for c in task.concepts if c not in places.values()]
    if len(set(found)) == len(found) or not left:
        return
    rows = {
        row: [table.merged_text(row, column) for column in table.block.values]
        for row in table.block.header
    }
    lowest = max(rows, key=lambda row: sum(task.knows(concept, [t]) for t in rows[row] if t))
    upper = [row for row in rows if row < lowest and len({t for t in rows[row] if t}) > 1]
    if upper:
        rates = task.rates([text for text in rows[upper[0]] if text])
        places[-upper[0]] = max(left, key=lambda c: (rates.get(c, 0), c in ("item", "fuel")))
        places[-lowest] = places.pop(ACROSS)


def _has_two_levels(scores: list[Score]) -> bool:
    """Do two rows of the heading each hold a concept that no column of labels holds better?"""
    best: dict[str, tuple[float, Place]] = {}
    for share, concept, place in scores:
        if share > best.get(concept, (0.0, 0))[0]:
            best[concept] = (share, place)
    rows = {
        place
        for share, place in best.values()
        if isinstance(place, int) and place < 0 and share >= FITTING
    }
    return len(rows) > 1


def _place_the_rest(task: MatrixTask, table: Table, places: dict[Place, str]) -> None:
    """Labels hardly known still are labels: what they must be, by their heading or by turn."""
    left = [c for c in task.concepts if c not in places.values() and c != "year"]
    free = [c for c in table.block.labels if c not in places]
    if free and left and not columns_of(places):
        heading = " ".join(table.heading(free[0]))
        hinted = [c for c in left if re.search(HEADINGS[c], heading, re.I)]
        rates = task.rates(table.column_texts(free[0]))
        order = ("region", "fuel", "item", "indicator")
        best = max(left, key=lambda c: (c in hinted, rates.get(c, 0), order.index(c)))
        places[free[0]] = best
        left.remove(best)
    has_across = ACROSS in places or bool(rows_of(places))
    stated = {c for c in left if task.answers.constants.get(c)}
    left = [c for c in left if c not in stated and c in ("fuel", "item", "indicator")]
    if not has_across and len(table.block.values) > 1 and left:
        usual = task.sibling(lambda layout: str(layout.column_labels))
        places[ACROSS] = usual if usual in left else left[-1]


# --- what follows from where the labels stand ----------------------------------------------------


def deeper_columns(table: Table, row_labels: dict[int, str]) -> dict[int, str]:
    """Columns that hold the labels of rows where the column of their concept is blank."""
    deeper = {}
    for column in table.block.labels:
        for other, concept in row_labels.items():
            filled = [
                (bool(table.text(row, column)), bool(table.text(row, other))) for row in table.rows
            ]
            one = sum(a != b for a, b in filled)
            is_blank_there = any(a and not b for a, b in filled)
            if column not in row_labels and is_blank_there and one >= 0.9 * len(filled):
                deeper[column] = concept
    return deeper


def needs_fill(table: Table, header: list[int]) -> bool:
    """Are upper headings printed once for several columns, without being merged?"""
    values = table.block.values
    for row in header[:-1]:
        printed = [c for c in values if table.merged_text(row, c)]
        lowest = [c for c in values if table.merged_text(header[-1], c)]
        if printed and len(lowest) >= 2 * len(printed) and printed[0] == values[0]:
            merged = table.grid.sheet.merged
            return not any(top <= row <= bottom for top, _, bottom, _ in merged)
    return False


def is_filled_down(table: Table, row_labels: dict[int, str]) -> bool:
    """Is a label printed once for several rows that have values?"""
    if len(row_labels) < 2:
        return False
    for column, concept in row_labels.items():
        if list(row_labels.values()).count(concept) > 1:
            continue  # labels by depth leave blanks of their own
        blank = [
            row
            for row in table.rows
            if not table.merged_text(row, column)
            and any(table.text(row, value) for value in table.block.values)
        ]
        if blank and table.text(table.block.first, column):
            return True
    return False


def set_headings(task: MatrixTask, table: Table) -> tuple[list[int], SetColumns] | None:
    """Headings of a text set with blanks, which stand in its lines but not in its columns.

    The words above the first row, a word in brackets taken with the one before it, are the
    headings if they are as many as the columns.
    """
    block = table.block
    if task.base.get("delimiter") not in (WHITESPACE, GAPS) or block.header:
        return None
    lines = _lines_above(table)
    words: list[str] = []
    for _, line in lines:
        for word in line:
            if word.startswith(("(", "（")) and words:
                words[-1] += word
            else:
                words.append(word)
    columns = sorted([*block.labels, *block.years, *block.units, *block.values])
    if len(words) != len(columns):
        return None
    headings = {}
    for column, word in zip(columns, words, strict=True):
        label, unit = split_unit(clean_label(word))
        known = task.vocabulary.find_unit(unit) if unit else ""
        headings[column] = (label if known else clean_label(word), known)
    return [row for row, _ in lines], headings


def _lines_above(table: Table) -> list[tuple[int, list[str]]]:
    """The lines right above the first row of data, with their words."""
    lines: list[tuple[int, list[str]]] = []
    for row in range(table.block.first - 1, 0, -1):
        texts = (text.strip(BLANKS) for text in table.grid.rows[row - 1])
        words = [text for text in texts if text]
        if not words and lines:
            break
        if words:
            lines.insert(0, (row, words))
    return lines
