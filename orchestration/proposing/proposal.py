"""What a proposed mapping is made of: findings, unknown labels with the nearest known, gaps."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz

from orchestration.errors import Note
from orchestration.landing.map.catalogue import UNIT_LABELS, Dataset, read_rows, reference_path
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.labels import (
    ALIASES,
    BRACKETED,
    NUMBERED,
    clean_label,
    han_half,
    known_labels,
    split_unit,
)
from orchestration.proposing.anatomy import NUMBER
from orchestration.proposing.unread import Unread, cells_unread

NEAREST = 3
NO_NUMBER = "no_number"  # among the faults of a proposal: a value that is neither number nor mark
UNLIKE = 0.3  # less alike is not named
LIKELY = 1.0  # only what is the same after cleaning is proposed with its code
TOTAL = re.compile(r"合计|总计|总量|总值|^全[省市国]|total", re.I)


@dataclass(frozen=True)
class Candidate:
    """A known label near to one that is not known."""

    alias: str
    code: str
    similarity: float


@dataclass
class Unknown:
    """A label or unit that stands in no table, and the known ones nearest to it."""

    concept: str
    printed: str
    cells: int
    nearest: list[Candidate]
    where: str = ""

    @property
    def is_likely(self) -> bool:
        """Is the nearest known label near enough to be proposed as what is meant?"""
        return bool(self.nearest) and self.nearest[0].similarity >= LIKELY

    @property
    def short(self) -> str:
        """The label to put in a table: its Chinese half, without a number or unit about it."""
        half = NUMBERED.sub("", han_half(self.printed) or self.printed)
        return split_unit(half)[0] if BRACKETED.search(half) and self.concept != "unit" else half

    @property
    def table(self) -> str:
        """The table to add a row to; '' if that is not the remedy."""
        if self.concept == "unit":
            return f"seeds/reference/{UNIT_LABELS}"
        tables = [path for path, _ in ALIASES.get(self.concept, [])]
        if not tables:
            return ""
        # Of an item, the table of what is most like it: a row of the balance is no industry.
        like = next((c.code for c in self.nearest), "")
        known = (path for path, column in ALIASES[self.concept] if like in _codes(path, column))
        return f"seeds/reference/{next(known, tables[0])}"

    @property
    def row(self) -> str:
        """The row to add; a code is given only where one known label is near.

        It has as many cells as its table: a shorter one would stop the landing.
        """
        near = self.nearest[0] if self.is_likely else None
        row = [self.short, near.code if near else "CODE"]
        if self.concept == "unit":
            row = [self.short, "UNIT", "FACTOR", "DIMENSION"]
        width = _width(self.table) if self.table else len(row)
        return _csv_line([*row, *[""] * (width - len(row))])

    @property
    def option(self) -> str:
        """The option of the command line that says the same; '' if there is none.

        There is none for a unit: `--unit` is for what prints no unit, and overrules no printed one.
        """
        near = self.nearest[0] if self.is_likely else None
        if self.concept == "unit":
            return ""
        if self.concept == "column":
            said = f"{self.printed}={near.code if near else 'COLUMN'}"
        else:
            said = f"{self.short}={near.alias if near else 'KNOWN'}"
        return f"--label {shlex.quote(said)}"

    @property
    def override(self) -> str:
        """What to put in the sidecar instead."""
        near = self.nearest[0].alias if self.is_likely else "KNOWN"
        if self.concept == "column":
            return _flow("fields", {self.printed: near})
        if self.concept == "unit":
            return ""
        return _flow("labels", {self.concept: {self.short: near}})


def _csv_line(row: list[str]) -> str:
    """Texts as they have to stand in a CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(row)
    return line.getvalue()


@cache
def _width(table: str) -> int:
    """How many columns a table of the reference has."""
    path = reference_path(table.removeprefix("seeds/reference/"))
    with path.open(encoding="utf-8", newline="") as handle:
        return len(next(csv.reader(handle)))


def _flow(key: str, value: dict[str, Any]) -> str:
    """A key of the sidecar in one line, quoted where YAML would take a label for something else."""
    flow = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return f"{key}: {flow.strip()}"


@dataclass
class Missing:
    """Something neither the file nor the user has said."""

    name: str
    option: str
    suggestion: str = ""
    why: str = ""


@dataclass
class Proposal:
    """What is proposed for one file and one dataset."""

    path: Path
    dataset: Dataset
    format: str
    encoding: str
    layout: dict[str, Any] = field(default_factory=dict)
    sidecar: dict[str, Any] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
    assumed: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)  # rule: places
    unread: list[Unread] = field(default_factory=list)
    is_left_out_whole: bool = False  # would --leave-out leave nothing?
    cells: int = 0
    matched: int = 0
    labels: int = 0  # of all cells, one for each concept
    labels_known: int = 0
    is_counted_whole: bool = True
    marks: dict[str, int] = field(default_factory=dict)
    sub_items: dict[str, int] = field(default_factory=dict)
    preview: list[Cell] = field(default_factory=list)
    years: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of labels known, by which datasets are ranked."""
        return self.labels_known / self.labels if self.labels else 0.0

    def as_json(self) -> dict[str, Any]:
        """The proposal as plain data."""
        return {
            "file": str(self.path),
            "dataset": self.dataset.name,
            "format": self.format,
            "encoding": self.encoding,
            "cells": self.cells,
            "cells_matched": self.matched,
            "cells_left_out": cells_unread(self.unread),
            "left_out": [entry.as_json() for entry in self.unread],
            "faults": self.faults,
            "years": self.years,
            "captions": self.captions,
            "marks": self.marks,
            "sub_items": self.sub_items,
            "layout": self.layout,
            "sidecar": self.sidecar,
            "assumed": [note._asdict() for note in self.assumed],
            "notes": [note._asdict() for note in self.notes],
            "missing": [vars(entry) for entry in self.missing],
            "unknown": [
                {
                    "concept": entry.concept,
                    "printed": entry.printed,
                    "where": entry.where,
                    "cells": entry.cells,
                    "nearest": [vars(candidate) for candidate in entry.nearest],
                    "table": entry.table,
                    "row": entry.row if entry.table else "",
                    "sidecar": entry.override,
                }
                for entry in self.unknown
            ],
            "preview": [
                {
                    "sheet": cell.sheet_name,
                    "row": cell.row_number,
                    "column": cell.column_number,
                    "labels": cell.labels,
                    "unit": cell.unit_label,
                    "printed": cell.value_text,
                    "number": cell.number_text,
                    "status": cell.value_status,
                }
                for cell in self.preview
            ],
        }


@dataclass
class Answers:
    """What the user has said: it overrides anything found."""

    sidecar: dict[str, Any] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    sheet: str | None = None
    leave_out: bool = False


def find_totals(cells: list[Cell], concepts: Iterable[str]) -> list[dict[str, Any]]:
    """The labels that say they are a total and are, everywhere, the sum of those beside them."""
    totals = []
    for concept in concepts:
        groups: dict[tuple[str, ...], dict[str, float]] = {}
        labels: dict[str, None] = {}
        decimals = 0
        for cell in cells:
            number = cell.number_text.replace(",", "")
            if not NUMBER.fullmatch(number) or not number[-1:].isdigit():
                continue
            others = {k: v for k, v in cell.labels.items() if k != concept}
            key = (cell.sheet_name, cell.unit_label, *others.values())
            groups.setdefault(key, {})[cell.labels[concept]] = float(number)
            labels[cell.labels[concept]] = None
            decimals = max(decimals, len(number.partition(".")[2]))
        order = list(labels)
        for position, total in enumerate(order):
            if not TOTAL.search(total):
                continue
            runs = [order[position + 1 : end] for end in range(len(order), position + 2, -1)]
            runs += [order[start:position] for start in range(position - 1)]
            for parts in runs:
                if _adds_up(groups.values(), total, parts, 10.0**-decimals):
                    totals.append({"concept": concept, "total": total, "parts": parts})
                    break
    return totals


def _adds_up(groups: Iterable[dict[str, float]], total: str, parts: list[str], step: float) -> bool:
    compared: set[str] = set()
    for values in groups:
        if total not in values or not any(part in values for part in parts):
            continue
        compared |= set(values)
        if (
            abs(values[total] - sum(values.get(p, 0.0) for p in parts))
            > step * (len(parts) + 1) / 2
        ):
            return False
    return set(parts) <= compared


@cache
def _codes(path: str, column: str) -> set[str]:
    return {row[column] for row in read_rows(path)}


def codes_of(concept: str) -> dict[str, str]:
    """Every alias of a concept with the code it means."""
    return {known.label: known.code for known in known_labels(concept)}


def nearest(label: str, known: dict[str, str]) -> list[Candidate]:
    """The known labels most like one, at most one for each code."""
    plain = NUMBERED.sub("", label).casefold()
    scored = []
    for alias, code in known.items():
        other = clean_label(alias).casefold()
        likeness = fuzz.ratio(plain, other) / 100
        if other and (other in plain or plain in other):
            shorter, longer = sorted((len(plain), len(other)))
            likeness = max(likeness, 0.6 + 0.4 * shorter / longer)
        if likeness >= UNLIKE:
            scored.append(Candidate(alias, code, round(likeness, 2)))
    best: dict[str, Candidate] = {}
    for candidate in sorted(scored, key=lambda c: (-c.similarity, c.alias)):
        best.setdefault(candidate.code, candidate)
    return list(islice(best.values(), NEAREST))
