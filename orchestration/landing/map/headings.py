"""The heading of a matrix: its columns of values, what each means and its unit."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.landing.map.labels import BLANKS, clean_label, split_unit
from orchestration.landing.map.vocabulary import Meaning
from orchestration.landing.map.words import TableKey, Words, stacked, table_key
from orchestration.landing.read.formats import GAPS, WHITESPACE
from orchestration.landing.read.sheet import Sheet, Unreadable, text_at


@dataclass
class Place:
    """A value column: its printed label, what that means, its unit."""

    column: int
    name: str
    meanings: dict[str, Meaning]
    unit: Meaning
    table: TableKey


class Headings:
    """The heading of one part of a layout; `top` are its rows and those above, by number."""

    def __init__(self, sheet: Sheet, words: Words, top: dict[int, list[str]]) -> None:
        self.sheet = sheet
        self.words = words
        self.layout = words.layout
        self.top = top
        self.header = {number: self._row(number) for number in self.layout.header_rows}
        across = self.layout.column_labels if isinstance(self.layout.column_labels, dict) else {}
        self.stacked = stacked(across)
        self.units = self._row(self.layout.unit_row) if self.layout.unit_row in top else []
        self.width = 0
        self.columns = self._columns()
        self.places = [self._place(column) for column in self.columns]

    def _columns(self) -> list[int]:
        """The columns with values; sets how many cells a row should have. Raises Unreadable."""
        layout = self.layout
        named = {*layout.row_labels, *layout.columns, *layout.ignore_columns}
        named |= {*layout.value_columns, layout.unit_column or 1}
        self.width = max(len(row) for row in self.header.values())
        is_told = layout.column_labels is None or bool(layout.value_columns)
        if layout.delimiter == WHITESPACE or (layout.delimiter == GAPS and is_told):
            self.width = max(named)  # its headings do not stand in its columns
        elif layout.column_labels is None:
            self.width = max(self.width, *named)
        chosen = layout.value_columns
        if not chosen and layout.column_labels is None:
            chosen = sorted(layout.columns)
        if not chosen:
            taken = {*layout.row_labels, *layout.ignore_columns, layout.unit_column}
            chosen = [column for column in range(1, self.width + 1) if column not in taken]
        if not chosen:
            detail = "no column of values is left; name them in value_columns"
            raise Unreadable("layout_mismatch", detail, "没有数值列；在 value_columns 中指明")
        return chosen

    def _row(self, number: int) -> list[str]:
        """A header row; a merged cell stands in each of its places."""
        texts = list(self.top[number])
        for column in range(1, len(texts) + 1):
            first_row, first_column = self.sheet.origin(number, column)
            texts[column - 1] = text_at(self.top.get(first_row, []), first_column)
        if self.layout.fill_header and number != max(self.layout.header_rows):
            for column in range(1, len(texts)):
                if not texts[column].strip(BLANKS):
                    texts[column] = texts[column - 1]
        return texts

    def _place(self, column: int) -> Place:
        printed = [text_at(row, column).strip(BLANKS) for row in self.header.values()]
        plain = self.words.marks.without_footnotes
        printed = [plain(text) for text in dict.fromkeys(printed) if text]
        meanings = self._meanings(column, printed)
        name = " ".join(" ".join(printed).split())
        unit = self.words.vocabulary.unit_meaning(self._unit(column, printed))
        return Place(column, name, meanings, unit, table_key(meanings, self.stacked))

    def _meanings(self, column: int, printed: list[str]) -> dict[str, Meaning]:
        """What a column means, by concept: of the whole table, of its headings, of its own."""
        layout, words = self.layout, self.words
        meanings = dict(words.constants)
        if isinstance(layout.column_labels, dict):
            for concept in dict.fromkeys(layout.column_labels.values()):
                rows = [row for row, meant in layout.column_labels.items() if meant == concept]
                texts = [
                    words.marks.without_footnotes(text_at(self.header[row], column)) for row in rows
                ]
                meanings[concept] = self._label(concept, list(dict.fromkeys(texts)))
        elif layout.column_labels is not None:
            meanings[layout.column_labels] = self._label(layout.column_labels, printed)
        own = layout.columns.get(column)
        for concept, meant in own.labels.items() if own else ():
            meanings[concept] = words.find(concept, [meant])
        return meanings

    def _unit(self, column: int, printed: list[str]) -> str:
        """The unit of a column as printed; '' where nothing gives one."""
        layout = self.layout
        own = layout.columns.get(column)
        unit = own.unit if own else None
        if unit is None and layout.unit_row:
            unit = text_at(self.units, column).strip(BLANKS)
        elif unit is None and layout.unit_cell:
            row_number, unit_column = layout.unit_cell
            unit = text_at(self.top.get(row_number, []), unit_column)
        elif unit is None and layout.unit_in == "column_label":
            unit = self._unit_in(printed)
        return unit or layout.unit or ""

    def _unit_in(self, printed: list[str]) -> str:
        """The unit in a heading: a known one, else what stands in the place of one."""
        whole = clean_label(" ".join(printed))
        tries = [split_unit(clean_label(text))[1] for text in (*printed, whole)]
        known = [text for text in tries if self.words.vocabulary.knows_unit(text)]
        unknown = [text for text in tries if text and not self.layout.unit]
        return next(iter(known or unknown), "")

    def _label(self, concept: str, printed: list[str]) -> Meaning:
        """What a heading means: as printed, or without the marks of a sub-item."""
        found = self.words.find(concept, printed)
        if found.code is None:
            bare = [self.words.unmarked(text.strip(BLANKS))[0] for text in printed]
            meant = self.words.find(concept, bare, found.printed)
            found = found if meant.code is None else meant
        return found
