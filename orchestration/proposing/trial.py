"""The trial of a proposed layout: the file is read by it, as the landing would."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from pydantic import ValidationError

from orchestration.errors import GreenparkError
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.labels import BLANKS, han_half
from orchestration.landing.map.tables import read_cells
from orchestration.landing.read.files import FileContent, RawFile
from orchestration.landing.read.sidecar import Layout, Sidecar
from orchestration.proposing.anatomy import NUMBER
from orchestration.proposing.matrix_marks import TRANSFORMATION_INPUTS
from orchestration.proposing.matrix_task import UNSAID, MatrixTask, across
from orchestration.proposing.proposal import (
    NO_NUMBER,
    Candidate,
    Unknown,
    codes_of,
    find_totals,
    nearest,
)
from orchestration.proposing.unread import find_unread

PREVIEW_CELLS = 12
PLACES_SHOWN = 3
COUNTED_CELLS = 200_000
SUMMED_CELLS = 5_000  # looked at for totals that add up


def try_out(task: MatrixTask) -> set[str]:
    """Count what a proposal reads and knows; returns the years that have a value.

    Raises GreenparkError if the layout cannot be one.
    """
    proposal = task.proposal
    trial = _Trial(task)
    content = FileContent(RawFile(proposal.path, proposal.path.name, 0), "", 0, trial.sidecar)
    for cell in islice(read_cells(content, task.vocabulary), COUNTED_CELLS):
        trial.take(cell)
    proposal.is_counted_whole = proposal.cells < COUNTED_CELLS
    proposal.unread = find_unread(task.grids, task.main, trial.layout, trial.read)
    proposal.years = sorted(trial.years)
    proposal.unknown = trial.unknown_labels()
    totals = [] if proposal.layout.get("totals") else find_totals(trial.known, task.concepts)
    if totals:
        proposal.layout["totals"] = totals
    return trial.years_valued


class _Trial:
    """What is counted while the file is read."""

    def __init__(self, task: MatrixTask) -> None:
        self.task = task
        self.proposal = task.proposal
        proposal = task.proposal
        proposal.preview, proposal.faults = [], {}
        proposal.cells = proposal.matched = proposal.labels = proposal.labels_known = 0
        self.layout = self._layout()
        self.sidecar = Sidecar.model_construct(
            dataset=proposal.dataset.name, encoding=proposal.encoding, layout=self.layout
        )
        parts = (part.model_dump() for part in self.layout.parts())
        self.across: set[str] = set().union(*map(across, parts))
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.places: dict[tuple[str, str], dict[str, None]] = {}
        self.read: set[tuple[str, int, int]] = set()
        self.years: set[str] = set()
        self.years_valued: set[str] = set()
        self.known: list[Cell] = []

    def _layout(self) -> Layout:
        """The proposed layout, with something in the place of what is asked for."""
        layout = dict(self.proposal.layout)
        asked = {missing.name for missing in self.proposal.missing}
        constants = {c: UNSAID for c in self.task.concepts if c in asked}
        if constants:
            layout["constants"] = constants | layout.get("constants", {})
        try:
            return Layout.model_validate(layout)
        except ValidationError as error:
            raise GreenparkError(
                f"{self.proposal.path.name}: not to be described: {error.errors()[0]['msg']}",
                "describe it by hand (CONTRIBUTING.md)",
            ) from error

    def take(self, cell: Cell) -> None:
        """Count a cell."""
        proposal = self.proposal
        proposal.cells += 1
        if cell.is_sign_unstated:
            self.task.miss(TRANSFORMATION_INPUTS, f"--set {TRANSFORMATION_INPUTS}=", None, "")
            return
        self.read.add((cell.sheet_name, cell.row_number, cell.column_number))
        fault = cell.fault
        if not fault and not cell.value_status and not _is_number(cell.number_text):
            fault = NO_NUMBER
        if fault:
            place = f"row {cell.row_number}"
            place += f" column {cell.column_number}" if cell.column_number else ""
            proposal.faults.setdefault(fault, []).append(place)
        if cell.fault:
            return
        is_known = self._are_labels_known(cell) & self._is_unit_known(cell)
        proposal.matched += is_known
        if is_known and len(self.known) < SUMMED_CELLS:
            self.known.append(cell)
        if len(proposal.preview) < PREVIEW_CELLS:
            proposal.preview.append(cell)

    def _are_labels_known(self, cell: Cell) -> bool:
        """Count the labels of a cell; is each of them known?"""
        constants = {str(concept) for concept in self.layout.constants}
        self.proposal.labels += len(cell.labels.keys() - constants)
        is_known = True
        for concept, label in cell.labels.items():
            if label == UNSAID:
                continue
            if concept == "year" and label:
                self.years.add(label[:4])
                if cell.value_text.strip(BLANKS):
                    self.years_valued.add(label[:4])
            if self.task.vocabulary.knows(concept, label):
                self.proposal.labels_known += concept not in constants
                continue
            is_known = False
            is_across = concept in self.across
            number = cell.column_number if is_across else cell.row_number
            self._miss(concept, label, f"{'column' if is_across else 'row'} {number}")
        return is_known

    def _is_unit_known(self, cell: Cell) -> bool:
        if cell.unit_label == UNSAID or self.task.vocabulary.knows_unit(cell.unit_label):
            return True
        self._miss("unit", cell.unit_label, f"column {cell.column_number}")
        return False

    def _miss(self, concept: str, label: str, place: str) -> None:
        """Note a label that no table has."""
        self.places.setdefault((concept, label), {})[place] = None
        self.unknown[concept, label] += 1

    def unknown_labels(self) -> list[Unknown]:
        """What no table has, the most frequent first."""
        return [
            Unknown(
                concept,
                label,
                number,
                self._nearest(concept, label),
                ", ".join(islice(self.places[concept, label], PLACES_SHOWN)),
            )
            for (concept, label), number in self.unknown.most_common()
        ]

    def _nearest(self, concept: str, label: str) -> list[Candidate]:
        if concept == "year" or not label:
            return []
        if concept == "unit":
            return nearest(label, {unit: unit for unit in self.task.vocabulary.units.values()})
        return nearest(han_half(label) or label, codes_of(concept))


def _is_number(text: str) -> bool:
    return bool(NUMBER.fullmatch(text)) and text[-1:].isdigit()
