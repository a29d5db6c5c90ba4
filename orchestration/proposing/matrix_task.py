"""What the steps of a proposal for labels down and across share: the file, the words, the user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orchestration.landing.map.labels import BLANKS
from orchestration.landing.map.vocabulary import Vocabulary
from orchestration.landing.read.sidecar import SUB_ITEM_MARKS, Layout, shipped_sidecars
from orchestration.proposing.anatomy import DATE, SAMPLED_ROWS, Block, Grid, main_sheet
from orchestration.proposing.blocks import find_blocks
from orchestration.proposing.proposal import Answers, Missing, Note, Proposal

UNSAID = "?"  # stands in a proposal for what is listed as missing
FITTING = 0.3  # share of known labels from which a row or column is taken to hold a concept
FOOTNOTES = "①②③④⑤⑥⑦⑧⑨⑩*†‡¹²³"


@dataclass(frozen=True)
class Table:
    """One table of a sheet."""

    grid: Grid
    block: Block

    @property
    def rows(self) -> range:
        """The rows of data."""
        return range(self.block.first, self.block.last + 1)

    @property
    def top(self) -> int:
        """The first row of the heading, or of the data where there is none."""
        return min(self.block.header, default=self.block.first)

    def text(self, row: int, column: int) -> str:
        return self.grid.at(row, column).strip(BLANKS)

    def merged_text(self, row: int, column: int) -> str:
        return self.grid.merged(row, column).strip(BLANKS)

    def column_texts(self, column: int) -> list[str]:
        """What is printed in a column, each text once."""
        last = min(self.block.last, self.block.first + SAMPLED_ROWS)
        texts = (self.text(row, column) for row in range(self.block.first, last + 1))
        return [text for text in dict.fromkeys(texts) if text]

    def heading(self, column: int) -> list[str]:
        """The cells of the heading over a column, from the top."""
        texts = [self.merged_text(row, column) for row in self.block.header]
        return [text for text in dict.fromkeys(texts) if text]

    def is_filled(self, column: int) -> bool:
        return any(self.merged_text(row, column) for row in (*self.block.header, *self.rows))


def bare(text: str) -> str:
    """A label without the marks of footnotes and sub-items."""
    plain = text.strip(BLANKS).strip(FOOTNOTES)
    for mark in SUB_ITEM_MARKS:
        if plain.lower().startswith(mark.lower()) and len(plain) > len(mark):
            return plain[len(mark) :].strip(BLANKS + ":：")
    return plain


def across(part: dict[str, Any]) -> set[str]:
    """The concepts whose labels stand across a part of a layout."""
    labels = part.get("column_labels")
    found: set[str] = set(labels.values()) if isinstance(labels, dict) else set()
    if isinstance(labels, str):
        found = {labels}
    for column in part.get("columns", {}).values():
        found |= set(column.get("labels", {}))
    return found


class MatrixTask:
    """The making of one proposal: every step reads it, and says in it what it found."""

    def __init__(
        self,
        proposal: Proposal,
        grids: list[Grid],
        base: dict[str, Any],
        vocabulary: Vocabulary,
        answers: Answers,
        unit: str,
    ) -> None:
        self.proposal = proposal
        self.grids = grids
        self.base = base  # the keys of the layout that open the file
        self.vocabulary = vocabulary
        self.answers = answers
        self.unit = unit  # what stands outside the table
        self.concepts = proposal.dataset.concepts
        self.is_unit_used = False  # is the unit of `--unit` in the layout?
        self.constants: dict[str, Any] = {}  # of the first part, which the others may inherit
        self._found: dict[int, list[Block]] = {}

    def blocks(self, grid: Grid) -> list[Block]:
        """The tables of a sheet."""
        if id(grid) not in self._found:
            self._found[id(grid)] = find_blocks(grid, self.vocabulary.is_unit, self._is_label)
        return self._found[id(grid)]

    def _is_label(self, text: str) -> bool:
        return any(self.knows(concept, [text]) for concept in self.concepts if concept != "year")

    def grid_of(self, part: dict[str, Any]) -> Grid:
        """The sheet that a part of the layout reads."""
        name = part.get("sheet", self.proposal.layout.get("sheet", self.main))
        return next(grid for grid in self.grids if grid.sheet.name == name)

    @cached_property
    def main(self) -> str:
        """The sheet to read: the one named, else the first that has a known table; no cover."""
        if self.answers.sheet:
            return self.answers.sheet
        default = main_sheet([grid.sheet for grid in self.grids])
        visible = [grid for grid in self.grids if not grid.sheet.is_hidden]
        if any(grid.sheet.size for grid in visible):
            return default
        ranks = {grid.sheet.name: self._known_share(grid) for grid in visible}
        best = max(ranks.values(), default=0.0)
        fitting = FITTING if best >= FITTING else best
        return next((name for name, rank in ranks.items() if rank >= fitting > 0), default)

    def _known_share(self, grid: Grid) -> float:
        """How many of the labels down a sheet are known; next to nothing for an unknown table."""
        blocks = self.blocks(grid)
        rates = (
            max(self.rates(Table(grid, block).column_texts(column)).values(), default=0.0)
            for block in blocks
            for column in block.labels
        )
        return max(rates, default=0.0) + (0.01 if blocks else 0.0)

    # --- labels ----------------------------------------------------------------------------------

    def knows(self, concept: str, texts: list[str]) -> bool:
        """Is a label known, as printed or without its marks?"""
        if self.vocabulary.knows(concept, self.vocabulary.find(concept, texts, {})):
            return True
        plain = [bare(text) for text in texts]
        return plain != texts and self.vocabulary.knows(
            concept, self.vocabulary.find(concept, plain, {})
        )

    def rates(self, texts: list[str]) -> dict[str, float]:
        """The share of labels known, by concept."""
        if not texts:
            return {}
        rates = {
            concept: sum(self.knows(concept, [text]) for text in texts) / len(texts)
            for concept in self.concepts
        }
        if "year" in rates and all(DATE.fullmatch(text.strip(BLANKS)) for text in texts):
            rates["year"] = 1.0  # days across are a matter of time; the year is to be said
        return rates

    def known_unit(self, text: str) -> str:
        """The unit in a text as it is known; '' if there is none."""
        return self.vocabulary.find_unit(text) if self.vocabulary.knows_unit(text) else ""

    # --- what is said of it ----------------------------------------------------------------------

    def note(self, en: str, zh: str) -> None:
        self.proposal.notes.append(Note(en, zh))

    def miss(self, name: str, option: str, suggestion: Any, why: str) -> None:
        """Ask for something, once; `why` says where a suggestion is from."""
        if all(entry.name != name for entry in self.proposal.missing):
            text = "" if suggestion is None else str(suggestion)
            self.proposal.missing.append(Missing(name, option, text, why if text else ""))

    def sibling(self, value: Callable[[Layout], Any]) -> Any:
        """What all shipped files of the dataset say alike, this file left out."""
        found = set()
        for path, sidecar in shipped_sidecars():
            if path.stem == self.proposal.path.stem:
                continue
            if sidecar.dataset == self.proposal.dataset.name:
                found.add(value(sidecar.layout))
        return found.pop() if len(found) == 1 else None
