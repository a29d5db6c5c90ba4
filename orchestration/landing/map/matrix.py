"""From a sheet of printed text to cells that say what they are, by the layout of the sidecar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestration.landing.map.balance import Balance
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.headings import Headings, Place
from orchestration.landing.map.labels import BLANKS, UNIT_STATED, clean_label
from orchestration.landing.map.list_units import without_unit
from orchestration.landing.map.row_labels import RowLabels
from orchestration.landing.map.vocabulary import Meaning, Vocabulary
from orchestration.landing.map.words import TableKey, Words, stacked, table_key
from orchestration.landing.read.formats import GAPS, WHITESPACE
from orchestration.landing.read.sheet import Sheet, Unreadable, text_at
from orchestration.landing.read.sidecar import Layout


def map_matrix(
    sheet: Sheet,
    parts: list[Layout],
    vocabulary: Vocabulary,
    captions: list[str],
    sector_item: str = "",
) -> Iterator[Cell]:
    """The cells of one sheet by each part of its layout; `captions` gets the lines above them.

    One part is streamed; several need the rows at once. Raises Unreadable where the sheet is not
    what the layout says.
    """
    readers = [_Part(sheet, part, vocabulary, sector_item) for part in parts]
    for reader in readers:
        if reader.layout.last_data_row is not None:
            continue
        below = (
            min(part.header_rows)
            for part in parts
            if part is not reader.layout and _share_columns(part, reader.layout)
        )
        reader.next_block = min((n for n in below if n >= reader.layout.data_starts), default=0)
    if len(readers) == 1:
        yield from readers[0].cells(enumerate(sheet.rows, start=1), captions)
        return
    kept = list(enumerate(sheet.rows, start=1))
    outside: list[tuple[_Part, Cell]] = []
    for reader in readers:
        above = max((r.last_row for r in readers if r.next_block), default=0)
        reader.captions_start = above if above < min(reader.layout.header_rows) else 0
        own_captions: list[str] = []
        for cell in reader.cells(iter(kept), own_captions):
            if cell.fault == "row_outside_layout":
                outside.append((reader, cell))
            else:
                yield cell
        captions += own_captions if reader is readers[0] or reader.captions_start else []
    told: set[int] = set()
    for reader, cell in outside:
        # Beside it another part may go on: what that reads of the row is not lost.
        read = {c for other in readers if other.covers(cell.row_number) for c in other.columns}
        if reader.columns <= read or cell.row_number in told:
            continue
        told.add(cell.row_number)
        yield cell


def _has_number(text: str) -> bool:
    """May a cell without a label be a value? Not the unit in a caption: 单位：10^4 t."""
    return bool(re.search(r"\d", text)) and not UNIT_STATED.search(text)


def _share_columns(one: Layout, other: Layout) -> bool:
    """May two parts stand above each other? Not where each names columns of its own."""
    named = [{*part.row_labels, *part.value_columns, *part.columns} for part in (one, other)]
    is_told = all(part.value_columns or part.columns for part in (one, other))
    return not is_told or bool(named[0] & named[1])


class _Part:
    """One part of a layout on one sheet."""

    def __init__(
        self, sheet: Sheet, layout: Layout, vocabulary: Vocabulary, sector_item: str
    ) -> None:
        self.sheet = sheet
        self.layout = layout
        self.words = Words(layout, vocabulary)
        self.labels = RowLabels(sheet, self.words)
        self.balance = Balance(vocabulary, sector_item, layout.transformation_inputs)
        self.places: list[Place] = []
        self.width = 0  # how many cells a row should have
        self.last_row = 0
        self.captions_start = 0  # the last row of the part above, whose rows are no captions
        self.next_block = 0  # the row where another part of the layout begins below this one
        self.columns: set[int] = set()  # of labels and values
        self.row_above: dict[str, str | None] = {}  # the codes of the last row
        self.broken: dict[str, str] = {}  # a label whose line ends before its figures
        self.table: TableKey = tuple(
            (concept, meaning.code or meaning.label)
            for concept, meaning in sorted(self.words.constants.items())
        )
        self.stacked_down = stacked(layout.row_labels)

    def cells(self, rows: Iterator[tuple[int, list[str]]], captions: list[str]) -> Iterator[Cell]:
        """The values of the part, and the rows below it that look like more of it."""
        self._read_heading(rows, captions)
        ended = False
        for number, row in rows:
            if number == self.next_block:
                break
            if not any(text.strip(BLANKS) for text in row) or self.layout.skips(number):
                continue
            ended = ended or self._is_end(number, row)
            if not ended:
                for cell in self._row_cells(number, row):
                    self.last_row = number
                    yield cell
            elif self._is_data(row):
                rule = "row_outside_layout"
                text = "\t".join(row)
                yield Cell(number, 0, "", text, sheet_name=self.sheet.name, fault=rule)
        if not self.last_row:
            detail_zh = f"第 {self.layout.data_starts} 行起没有数据"
            detail = f"no data from row {self.layout.data_starts} on"
            raise Unreadable("layout_mismatch", detail, detail_zh)

    def _read_heading(self, rows: Iterator[tuple[int, list[str]]], captions: list[str]) -> None:
        """Take the rows up to the first of data: captions, and what each column is."""
        layout = self.layout
        top: dict[int, list[str]] = {}
        for number, row in rows:
            top[number] = row
            if number >= layout.data_starts - 1:
                break
        if max(layout.header_rows) > len(top):
            detail = f"{len(top)} rows, the header is in row {max(layout.header_rows)}"
            detail_zh = f"只有 {len(top)} 行，表头在第 {max(layout.header_rows)} 行"
            raise Unreadable("layout_mismatch", detail, detail_zh)
        captions += [
            " ".join(text for text in row if text.strip())
            for number, row in top.items()
            if self.captions_start < number < min(layout.header_rows)
        ]
        headings = Headings(self.sheet, self.words, top)
        self.places, self.width = headings.places, headings.width
        self.columns = {*layout.row_labels, *headings.columns}
        # A heading that is no label says what the values are, as a caption does.
        own_labels = {c for c, column in layout.columns.items() if column.labels}
        if layout.column_labels is None:
            captions += [p.name for p in self.places if p.name and p.column not in own_labels]

    def covers(self, row_number: int) -> bool:
        """Is a row one of this part, from its heading to its last data?"""
        return min(self.layout.header_rows) <= row_number <= self.last_row

    def _is_end(self, number: int, row: list[str]) -> bool:
        if self.layout.last_data_row is not None:
            return number > self.layout.last_data_row
        first = next(text for text in row if text.strip(BLANKS)).strip(BLANKS)
        return first.startswith(tuple(self.layout.end_marks)) if self.layout.end_marks else False

    def _is_data(self, row: list[str]) -> bool:
        """Does a row below the table look like one of it? It must not vanish then."""
        labels = [text_at(row, column).strip(BLANKS) for column in self.layout.row_labels]
        return any(labels) and any(self._is_number(text_at(row, p.column)) for p in self.places)

    # --- rows ------------------------------------------------------------------------------------

    def _row_cells(self, number: int, row: list[str]) -> Iterator[Cell]:
        """The values of a row; none of one that only heads others, or that is to be skipped."""
        printed = self.labels.printed(number, row)
        texts = [text_at(row, place.column).strip(BLANKS) for place in self.places]
        if self._is_between(row, texts, printed):
            return
        found = self._row_meanings(printed)
        if found is None:
            return
        meanings, unit = found
        codes = {concept: meaning.code for concept, meaning in meanings.items()}
        if not any(texts) and self._is_heading(number, printed, codes):
            return
        self.broken, self.row_above = {}, codes
        if self.layout.unit_column:
            text = self.labels.filled(number, row, self.layout.unit_column)
            knows = self.words.vocabulary.unit_meaning
            unit = knows(text) if text.strip(BLANKS) else None
        table = self.table + table_key(meanings, self.stacked_down)
        if "item" in meanings:
            others = tuple(code for concept, code in codes.items() if concept != "item")
            meanings["item"] = self.balance.place(meanings["item"], others)
        is_ragged = self._is_ragged(row)
        for place, value in zip(self.places, texts, strict=True):
            if not value and not place.name and place.column not in self.layout.columns:
                continue
            cell = Cell(number, place.column, place.name, value, sheet_name=self.sheet.name)
            cell.meanings = {**place.meanings, **meanings}
            cell.table = table + place.table
            cell.unit = unit or place.unit
            cell.number_text, cell.value_status = self.words.marks.number(value)
            if not cell.value_status and not cell.number_text[-1:].isdigit():
                cell.number_text = without_unit(cell.number_text, cell.unit_label)
            if "item" in cell.meanings:
                self._sign(cell, is_across="item" not in meanings)
            self._say_fault(cell, len(row) if is_ragged else None)
            yield cell

    def _is_ragged(self, row: list[str]) -> bool:
        """Has a row other cells than the heading has, so that its figures may have moved?"""
        layout, width = self.layout, self.width
        if layout.delimiter in (WHITESPACE, GAPS) and len(row) <= len(layout.row_labels):
            return False  # a line with its labels only: nothing was printed for it
        if len(row) < width:
            # workbooks and web pages leave out blank cells at the end
            return not self.sheet.name
        return any(text.strip(BLANKS) for text in row[width:])

    def _is_between(
        self, row: list[str], texts: list[str], printed: dict[str, tuple[int, str]]
    ) -> bool:
        """Is it no row of this table, but blank or a caption between two?"""
        labels = self.layout.row_labels
        if not any(texts) and not any(text_at(row, c).strip(BLANKS) for c in labels):
            return True  # between two tables, or this one is shorter than the one beside it
        is_labelled = any(text.strip(BLANKS) for _, text in printed.values())
        return bool(labels) and not is_labelled and not any(map(_has_number, texts))

    def _row_meanings(
        self, printed: dict[str, tuple[int, str]]
    ) -> tuple[dict[str, Meaning], Meaning | None] | None:
        """What the labels of a row mean and the unit in them; None if it is to be skipped."""
        meanings: dict[str, Meaning] = {}
        unit: Meaning | None = None
        for concept, (level, text) in printed.items():
            meaning, own_unit = self.labels.meaning(concept, text, level)
            if meaning.code is None and self.broken.get(concept):
                whole = self.words.find(concept, [self.broken[concept] + text.strip(BLANKS)])
                meaning = meaning if whole.code is None else whole
            meanings[concept] = meaning
            unit = own_unit or unit
            if {meaning.label, clean_label(text)} & self.words.skip_labels:
                return None
        return meanings, unit

    def _is_heading(
        self, number: int, printed: dict[str, tuple[int, str]], codes: dict[str, str | None]
    ) -> bool:
        """Is a row without figures a heading, a note or the label above in another language?"""
        if any((number, place.column) in self.sheet.faults for place in self.places):
            return False
        if None in codes.values():
            self.broken = {
                concept: text.strip(BLANKS)
                for concept, (_, text) in printed.items()
                if codes[concept] is None
            }
            return True  # it has no value to lose
        return codes == self.row_above

    def _say_fault(self, cell: Cell, cells_of_row: int | None) -> None:
        """Say what was met in the place of a value; `cells_of_row` where a row is ragged."""
        fault = self.sheet.faults.get((cell.row_number, cell.column_number))
        if fault:
            cell.fault, cell.fault_detail = fault
            cell.value_text = cell.value_text or fault[1]
        elif cells_of_row is not None:
            cell.fault = "row_ragged"
            cell.fault_detail = f"{cells_of_row} cells, the header has {self.width}"
            cell.fault_detail_zh = f"{cells_of_row} 个单元格，表头有 {self.width} 个"

    def _sign(self, cell: Cell, is_across: bool) -> None:
        """Give the factor of a cell the sign that its number is kept with."""
        if is_across:
            cell.meanings["item"] = self.balance.place(cell.meanings["item"], cell.row_number)
        item = cell.meanings["item"]
        cell.unit = self.balance.factor(item, cell.unit, cell.number_text)
        cell.is_sign_unstated = bool(cell.number_text) and self.balance.is_unstated(item)

    def _is_number(self, text: str) -> bool:
        number = self.words.marks.number(text.strip(BLANKS))[0]
        return bool(re.fullmatch(r"[+-]?[\d,.]*\d[\d,.]*", number))
