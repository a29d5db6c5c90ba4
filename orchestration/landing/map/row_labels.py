"""The labels down a matrix: filled down, by depth, with the unit that a label may hold."""

from __future__ import annotations

from orchestration.landing.map.labels import BLANKS, clean_label, split_unit
from orchestration.landing.map.vocabulary import Meaning
from orchestration.landing.map.words import Words
from orchestration.landing.read.sheet import Sheet, text_at


class RowLabels:
    """Reads the labels of one part of a layout, row by row from the top."""

    def __init__(self, sheet: Sheet, words: Words) -> None:
        self.sheet = sheet
        self.words = words
        self.layout = words.layout
        labels = self.layout.row_labels
        self.deeper = {
            column: [c for c, k in labels.items() if k == concept and c > column]
            for column, concept in labels.items()
        }
        self.parents: list[tuple[int, str]] = []
        self.known: dict[tuple[str, str], Meaning] = {}
        self.above: dict[int, str] = {}  # what a column's cell is filled down with

    def printed(self, number: int, row: list[str]) -> dict[str, tuple[int, str]]:
        """The label of a row by concept, with how far in its columns it stands."""
        found: dict[str, tuple[int, str]] = {}
        for column, concept in self.layout.row_labels.items():
            if text_at(row, column).strip(BLANKS):
                for deeper in self.deeper.get(column, ()):
                    self.above.pop(deeper, None)  # what was filled down ends with its parent
            text = self.filled(number, row, column)
            if text.strip(BLANKS) or concept not in found:
                level = found[concept][0] + 1 if concept in found else 0
                found[concept] = (level, text)
        return found

    def filled(self, number: int, row: list[str], column: int) -> str:
        """The text of a cell, or of the one above that it continues."""
        text = text_at(row, column)
        if not text.strip(BLANKS):
            is_merged = self.sheet.origin(number, column) != (number, column)
            if self.layout.fill_row_labels or is_merged:
                text = self.above.get(column, "")
        self.above[column] = text
        return text

    def meaning(self, concept: str, printed: str, level: int) -> tuple[Meaning, Meaning | None]:
        """What a row's label means, and the unit in it; `level` says how far in its column is."""
        text = self.words.marks.without_footnotes(printed)
        depth = sum(2 if sign == "\u3000" else 1 for sign in text[: len(text) - len(text.lstrip())])
        depth += 100 * level
        text = text.strip(BLANKS)
        bare, is_marked = self.words.unmarked(text)
        parent = self._parent(depth + is_marked, bare)
        unit: Meaning | None = None
        if self.layout.unit_in == "row_label":
            head, printed_unit = split_unit(clean_label(bare))
            if printed_unit:
                unit, bare = self.words.vocabulary.unit_meaning(printed_unit), head
        knows = self.words.vocabulary.knows
        qualified = f"{parent}/{clean_label(bare)}"
        if parent and (qualified in self.words.own(concept) or knows(concept, qualified)):
            return self.words.find(concept, [qualified], text), unit
        key = (concept, printed)
        if key not in self.known:
            meant = text if knows(concept, text) else bare
            self.known[key] = self.words.find(concept, [meant], printed.strip(BLANKS))
        return self.known[key], unit

    def _parent(self, depth: int, label: str) -> str:
        """The label that one of this depth stands below; it is a parent itself from here on."""
        while self.parents and self.parents[-1][0] >= depth:
            self.parents.pop()
        parent = self.parents[-1][1] if self.parents else ""
        if label:
            self.parents.append((depth, clean_label(label)))
        return parent
