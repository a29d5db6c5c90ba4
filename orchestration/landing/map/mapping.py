"""From a sheet of printed text to cells that say what they are, by the layout of the sidecar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from orchestration.landing.map.balance import Balance
from orchestration.landing.map.catalogue import (
    BLANKS,
    UNIT_STATED,
    Dataset,
    Meaning,
    Vocabulary,
    clean_label,
    read_rows,
    split_unit,
)
from orchestration.landing.read.formats import GAPS, WHITESPACE, Sheet, Unreadable
from orchestration.landing.read.sidecar import Concept, Layout

# Full-width digits and signs, minus signs, narrow blanks. Not NFKC: it would make 12\u2460 a 121.
PLAIN_SIGNS = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
PLAIN_SIGNS |= {ord(sign): "-" for sign in "\u2212\u2013"}
PLAIN_SIGNS |= {ord(blank): " " for blank in "\u3000\xa0\u2009\u202f"}


NO_UNIT = Meaning("", "")
COLUMN_ALIASES = "mappings/dataset_column_aliases.csv"  # what other forms call a column of a list
# What tables are stacked by in a file, if it is not one of the two sides of a table itself.
STACKED_BY = ("region", "year")


@dataclass
class Cell:
    """One printed value with the labels that say what it is.

    `value_text` is as printed, `number_text` what is left of it as a number ('' if missing).
    `table` says which table of its file it is of: what the layout holds constant for it, and the
    region and year that tables are stacked by. `is_sign_unstated`: nothing printed says which sign
    the inputs of transformation have.
    """

    row_number: int
    column_number: int
    column_name: str
    value_text: str
    number_text: str = ""
    unit: Meaning = NO_UNIT
    value_status: str = ""
    sheet_name: str = ""
    meanings: dict[str, Meaning] = field(default_factory=dict)
    table: tuple[tuple[str, str], ...] = ()
    is_sign_unstated: bool = False
    fault: str = ""
    fault_detail: str = ""
    fault_detail_zh: str = ""

    @property
    def labels(self) -> dict[str, str]:
        """What each label is known as."""
        return {concept: meaning.label for concept, meaning in self.meanings.items()}

    @property
    def unit_label(self) -> str:
        return self.unit.label


@dataclass
class _Place:
    """A value column: its printed label, what that means, its unit."""

    column: int
    name: str
    meanings: dict[str, Meaning]
    unit: Meaning
    table: tuple[tuple[str, str], ...]


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


class Marks:
    """What the layout says of signs on and in place of numbers, for tables and lists alike."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def number(self, value: str) -> tuple[str, str]:
        """The number in a printed value and its status; the status is '' if it is to be judged."""
        layout = self.layout
        status = layout.missing_marks.get(value)
        if status is not None:
            return ("0" if status == "zero" else ""), status
        text = self.without_footnotes(value).strip(BLANKS)
        marked = ""
        for mark, meaning in layout.value_marks.items():
            if mark and text != mark and (text.endswith(mark) or text.startswith(mark)):
                text, marked = text.removesuffix(mark).removeprefix(mark).strip(BLANKS), meaning
                break
        status = layout.missing_marks.get(text)
        if status is not None:
            return ("0" if status == "zero" else ""), status
        if not text.isascii():
            text = text.translate(PLAIN_SIGNS).strip()
        if layout.thousands != "," and re.fullmatch(
            rf"[+-]?\d{{1,3}}({re.escape(layout.thousands)}\d{{3}})+(\.\d+)?", text
        ):
            text = text.replace(layout.thousands, ",")
        return text, marked

    def without_footnotes(self, text: str) -> str:
        """Footnote marks are taken out; one of letters or digits only where a word ends."""
        for mark in self.layout.footnote_marks:
            if mark not in text or len(text.strip(BLANKS)) <= len(mark):
                continue
            if mark.isalnum() and mark.isascii():
                before = "0-9.," if mark.isdigit() else "A-Za-z"
                end = r"(?=\s*$|\s*[(（\n])"
                text = re.sub(rf"(?<![{before}]){re.escape(mark)}{end}", "", text)
            else:
                text = text.replace(mark, "")
        return text


class _Part:
    """One part of a layout on one sheet."""

    def __init__(
        self, sheet: Sheet, layout: Layout, vocabulary: Vocabulary, sector_item: str
    ) -> None:
        self.sheet = sheet
        self.layout = layout
        self.marks = Marks(layout)
        self.vocabulary = vocabulary
        self.overrides = {
            concept: {clean_label(printed): meant for printed, meant in words.items()}
            for concept, words in layout.labels.items()
        }
        self.skip_labels = {clean_label(label) for label in layout.skip_labels}
        self.constants = {
            concept: vocabulary.meaning(concept, [value], self.overrides.get(concept, {}))
            for concept, value in layout.constants.items()
        }
        self.deeper = {
            column: [c for c, k in layout.row_labels.items() if k == concept and c > column]
            for column, concept in layout.row_labels.items()
        }
        self.parents: list[tuple[int, str]] = []
        self.last_row = 0
        self.captions_start = 0  # the last row of the part above, whose rows are no captions
        self.next_block = 0  # the row where another part of the layout begins below this one
        self.columns: set[int] = set()  # of labels and values
        self.known_rows: dict[tuple[str, str], Meaning] = {}
        self.balance = Balance(vocabulary, sector_item, layout.transformation_inputs)
        self.row_above: dict[str, str | None] = {}  # the codes of the last row
        self.broken: dict[str, str] = {}  # a label whose line ends before its figures
        self.table = tuple(
            (concept, meaning.code or meaning.label)
            for concept, meaning in sorted(self.constants.items())
        )
        across = layout.column_labels if isinstance(layout.column_labels, dict) else {}
        self.stacked_down = _stacked(layout.row_labels)
        self.stacked_across = _stacked(across)

    def cells(self, rows: Iterator[tuple[int, list[str]]], captions: list[str]) -> Iterator[Cell]:
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
        places, width = self._places(top)
        self.columns = {*layout.row_labels, *(place.column for place in places)}
        # A heading that is no label says what the values are, as a caption does.
        own_labels = {c for c, column in layout.columns.items() if column.labels}
        if layout.column_labels is None:
            captions += [p.name for p in places if p.name and p.column not in own_labels]
        filled: dict[int, str] = {}
        ended = False
        for number, row in rows:
            if number == self.next_block:
                break
            if not any(text.strip(BLANKS) for text in row):
                continue
            if layout.skips(number):
                continue
            ended = ended or self._is_end(number, row)
            if ended:
                if self._is_data(row, places):
                    rule = "row_outside_layout"
                    text = "\t".join(row)
                    yield Cell(number, 0, "", text, sheet_name=self.sheet.name, fault=rule)
                continue
            for cell in self._row_cells(number, row, places, width, filled):
                self.last_row = number
                yield cell
        if not self.last_row:
            detail_zh = f"第 {layout.data_starts} 行起没有数据"
            detail = f"no data from row {layout.data_starts} on"
            raise Unreadable("layout_mismatch", detail, detail_zh)

    def covers(self, row_number: int) -> bool:
        """Is a row one of this part, from its heading to its last data?"""
        return min(self.layout.header_rows) <= row_number <= self.last_row

    def _is_end(self, number: int, row: list[str]) -> bool:
        if self.layout.last_data_row is not None:
            return number > self.layout.last_data_row
        first = next(text for text in row if text.strip(BLANKS)).strip(BLANKS)
        return first.startswith(tuple(self.layout.end_marks)) if self.layout.end_marks else False

    def _is_data(self, row: list[str], places: list[_Place]) -> bool:
        """Does a row below the table look like one of it? It must not vanish then."""
        labels = [self._at(row, column).strip(BLANKS) for column in self.layout.row_labels]
        return any(labels) and any(self._is_number(self._at(row, p.column)) for p in places)

    # --- header ----------------------------------------------------------------------------------

    def _places(self, top: dict[int, list[str]]) -> tuple[list[_Place], int]:
        """The value columns, and how many cells a row should have."""
        layout = self.layout
        header = {number: self._header_row(number, top) for number in layout.header_rows}
        named = {*layout.row_labels, *layout.columns, *layout.ignore_columns}
        named |= {*layout.value_columns, layout.unit_column or 1}
        width = max(len(row) for row in header.values())
        is_told = layout.column_labels is None or layout.value_columns
        if layout.delimiter == WHITESPACE or (layout.delimiter == GAPS and is_told):
            width = max(named)  # its headings do not stand in its columns
        elif layout.column_labels is None:
            width = max(width, *named)
        chosen = layout.value_columns
        if not chosen and layout.column_labels is None:
            chosen = sorted(layout.columns)
        if not chosen:
            taken = {*layout.row_labels, *layout.ignore_columns, layout.unit_column}
            chosen = [column for column in range(1, width + 1) if column not in taken]
        if not chosen:
            detail = "no column of values is left; name them in value_columns"
            raise Unreadable("layout_mismatch", detail, "没有数值列；在 value_columns 中指明")
        units = self._header_row(layout.unit_row, top) if layout.unit_row in top else []
        return [self._place(column, header, units, top) for column in chosen], width

    def _header_row(self, number: int, top: dict[int, list[str]]) -> list[str]:
        """A header row; a merged cell stands in each of its places."""
        texts = list(top[number])
        for column in range(1, len(texts) + 1):
            first_row, first_column = self._merged_into(number, column)
            texts[column - 1] = self._at(top.get(first_row, []), first_column)
        if self.layout.fill_header and number != max(self.layout.header_rows):
            for column in range(1, len(texts)):
                if not texts[column].strip(BLANKS):
                    texts[column] = texts[column - 1]
        return texts

    def _merged_into(self, row: int, column: int) -> tuple[int, int]:
        """The place where the text of a cell is printed: elsewhere only in a merged range."""
        for first_row, first_column, last_row, last_column in self.sheet.merged:
            if first_row <= row <= last_row and first_column <= column <= last_column:
                return first_row, first_column
        return row, column

    def _place(
        self,
        column: int,
        header: dict[int, list[str]],
        units: list[str],
        top: dict[int, list[str]],
    ) -> _Place:
        layout = self.layout
        own = layout.columns.get(column)
        printed = list(
            dict.fromkeys(self._at(row, column).strip(BLANKS) for row in header.values())
        )
        printed = [self.marks.without_footnotes(text) for text in dict.fromkeys(printed) if text]
        meanings: dict[str, Meaning] = dict(self.constants)
        if isinstance(layout.column_labels, dict):
            for concept in dict.fromkeys(layout.column_labels.values()):
                rows = [row for row, meant in layout.column_labels.items() if meant == concept]
                texts = [
                    self.marks.without_footnotes(self._at(header[row], column)) for row in rows
                ]
                meanings[concept] = self._column_label(concept, list(dict.fromkeys(texts)))
        elif layout.column_labels is not None:
            meanings[layout.column_labels] = self._column_label(layout.column_labels, printed)
        if own:
            for concept, meant in own.labels.items():
                meanings[concept] = self._find(concept, [meant])
        unit = own.unit if own else None
        if unit is None and layout.unit_row:
            unit = self._at(units, column).strip(BLANKS)
        elif unit is None and layout.unit_cell:
            row_number, unit_column = layout.unit_cell
            unit = self._at(top.get(row_number, []), unit_column)
        elif unit is None and layout.unit_in == "column_label":
            whole = clean_label(" ".join(printed))
            tries = [split_unit(clean_label(text))[1] for text in (*printed, whole)]
            known = [text for text in tries if self.vocabulary.knows_unit(text)]
            unknown = [text for text in tries if text and not layout.unit]
            unit = next(iter(known or unknown), "")
        unit = unit or layout.unit
        name = " ".join(" ".join(printed).split())
        unit_meaning = self.vocabulary.unit_meaning(unit or "")
        return _Place(column, name, meanings, unit_meaning, _table(meanings, self.stacked_across))

    def _column_label(self, concept: str, printed: list[str]) -> Meaning:
        """What a heading means: as printed, or without the marks of a sub-item."""
        found = self._find(concept, printed)
        if found.code is None:
            bare = [self._unmarked(text.strip(BLANKS))[0] for text in printed]
            meant = self._find(concept, bare, found.printed)
            found = found if meant.code is None else meant
        return found

    # --- rows ------------------------------------------------------------------------------------

    def _row_cells(
        self,
        number: int,
        row: list[str],
        places: list[_Place],
        width: int,
        filled: dict[int, str],
    ) -> Iterator[Cell]:
        layout = self.layout
        ragged = len(row) != width and (
            len(row) < width or any(text.strip(BLANKS) for text in row[width:])
        )
        if layout.delimiter in (WHITESPACE, GAPS) and len(row) <= len(layout.row_labels):
            ragged = False  # a line with its labels only: nothing was printed for it
        if len(row) < width and self.sheet.name:
            ragged = False  # workbooks and web pages leave out blank cells at the end
        printed_labels: dict[str, tuple[int, str]] = {}
        for column, concept in layout.row_labels.items():
            if self._at(row, column).strip(BLANKS):
                for deeper in self.deeper.get(column, ()):
                    filled.pop(deeper, None)  # what was filled down ends with its parent
            printed = self._filled(number, row, column, filled)
            if printed.strip(BLANKS) or concept not in printed_labels:
                level = printed_labels[concept][0] + 1 if concept in printed_labels else 0
                printed_labels[concept] = (level, printed)
        texts = [self._at(row, place.column).strip(BLANKS) for place in places]
        is_blank = not any(texts)
        if is_blank and not any(self._at(row, c).strip(BLANKS) for c in layout.row_labels):
            return  # between two tables, or this one is shorter than the one beside it
        is_labelled = any(printed.strip(BLANKS) for _, printed in printed_labels.values())
        if layout.row_labels and not is_labelled and not any(map(_has_number, texts)):
            return  # a caption between two tables
        meanings: dict[str, Meaning] = {}
        unit: Meaning | None = None
        for concept, (level, printed) in printed_labels.items():
            meaning, own_unit = self._row_label(concept, printed, level)
            if meaning.code is None and self.broken.get(concept):
                whole = self._find(concept, [self.broken[concept] + printed.strip(BLANKS)])
                meaning = meaning if whole.code is None else whole
            meanings[concept] = meaning
            unit = own_unit or unit
            if meaning.label in self.skip_labels or clean_label(printed) in self.skip_labels:
                return
        has_fault = is_blank and any((number, p.column) in self.sheet.faults for p in places)
        codes = {concept: meaning.code for concept, meaning in meanings.items()}
        if is_blank and not has_fault:
            if None in codes.values():
                self.broken = {
                    concept: printed.strip(BLANKS)
                    for concept, (_, printed) in printed_labels.items()
                    if codes[concept] is None
                }
                return  # a heading between rows, or a note: it has no value to lose
            if codes == self.row_above:
                return  # the label above in another language
        self.broken, self.row_above = {}, codes
        if layout.unit_column:
            printed = self._filled(number, row, layout.unit_column, filled)
            unit = self.vocabulary.unit_meaning(printed) if printed.strip(BLANKS) else None
        table = self.table + _table(meanings, self.stacked_down)
        if "item" in meanings:
            others = tuple(code for concept, code in codes.items() if concept != "item")
            meanings["item"] = self.balance.place(meanings["item"], others)
        for place in places:
            value = self._at(row, place.column).strip(BLANKS)
            if not value and not place.name and place.column not in layout.columns:
                continue
            cell = Cell(number, place.column, place.name, value, sheet_name=self.sheet.name)
            cell.meanings = {**place.meanings, **meanings}
            cell.table = table + place.table
            cell.number_text, cell.value_status = self.marks.number(value)
            cell.unit = unit or place.unit
            if "item" in cell.meanings:
                self._sign(cell, is_across="item" not in meanings)
            fault = self.sheet.faults.get((number, place.column))
            if fault:
                cell.fault, cell.fault_detail = fault
                cell.value_text = value or fault[1]
            elif ragged:
                cell.fault = "row_ragged"
                cell.fault_detail = f"{len(row)} cells, the header has {width}"
                cell.fault_detail_zh = f"{len(row)} 个单元格，表头有 {width} 个"
            yield cell

    def _sign(self, cell: Cell, is_across: bool) -> None:
        """Give the factor of a cell the sign that its number is kept with."""
        if is_across:
            cell.meanings["item"] = self.balance.place(cell.meanings["item"], cell.row_number)
        item = cell.meanings["item"]
        cell.unit = self.balance.factor(item, cell.unit, cell.number_text)
        cell.is_sign_unstated = bool(cell.number_text) and self.balance.is_unstated(item)

    def _is_number(self, text: str) -> bool:
        number = self.marks.number(text.strip(BLANKS))[0]
        return bool(re.fullmatch(r"[+-]?[\d,.]*\d[\d,.]*", number))

    def _filled(self, number: int, row: list[str], column: int, filled: dict[int, str]) -> str:
        """The text of a cell, or of the one above that it continues."""
        printed = self._at(row, column)
        if not printed.strip(BLANKS):
            is_merged = self._merged_into(number, column) != (number, column)
            if self.layout.fill_row_labels or is_merged:
                printed = filled.get(column, "")
        filled[column] = printed
        return printed

    def _unmarked(self, text: str) -> tuple[str, bool]:
        """A label without the mark that makes it part of the one above, and if it had one."""
        for mark in self.layout.sub_item_marks:
            if text.lower().startswith(mark.lower()) and len(text) > len(mark):
                return text[len(mark) :].strip(BLANKS + ":："), True
        return text, False

    def _row_label(self, concept: str, printed: str, level: int) -> tuple[Meaning, Meaning | None]:
        """What a row's label means, and the unit in it; `level` says how far in its column is."""
        key = (concept, printed)
        text = self.marks.without_footnotes(printed)
        depth = sum(2 if sign == "\u3000" else 1 for sign in text[: len(text) - len(text.lstrip())])
        depth += 100 * level
        text = text.strip(BLANKS)
        bare, is_marked = self._unmarked(text)
        depth += is_marked
        while self.parents and self.parents[-1][0] >= depth:
            self.parents.pop()
        parent = self.parents[-1][1] if self.parents else ""
        if bare:
            self.parents.append((depth, clean_label(bare)))
        unit: Meaning | None = None
        if self.layout.unit_in == "row_label":
            head, printed_unit = split_unit(clean_label(bare))
            if printed_unit:
                unit, bare = self.vocabulary.unit_meaning(printed_unit), head
        overrides = self.overrides.get(concept, {})
        qualified = f"{parent}/{clean_label(bare)}"
        if parent and (qualified in overrides or self.vocabulary.knows(concept, qualified)):
            return self._find(concept, [qualified], text), unit
        if key not in self.known_rows:
            meant = text if self.vocabulary.knows(concept, text) else bare
            self.known_rows[key] = self._find(concept, [meant], printed.strip(BLANKS))
        return self.known_rows[key], unit

    def _find(self, concept: str, parts: Iterable[str], printed: str = "") -> Meaning:
        return self.vocabulary.meaning(concept, parts, self.overrides.get(concept, {}), printed)

    @staticmethod
    def _at(row: list[str], column: int) -> str:
        return row[column - 1] if 0 < column <= len(row) else ""


def _stacked(labels: dict[int, Concept]) -> tuple[str, ...]:
    """The concepts by which tables are stacked: those outside the innermost labels of a side."""
    outer = list(dict.fromkeys(labels[place] for place in sorted(labels)))[:-1]
    return tuple(concept for concept in outer if concept in STACKED_BY)


def _table(meanings: dict[str, Meaning], stacked: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (concept, meanings[concept].code or meanings[concept].label)
        for concept in stacked
        if concept in meanings
    )


# --- records -------------------------------------------------------------------------------------


def column_names(dataset: Dataset) -> dict[str, str]:
    """What a column may be called, folded, to its name: its name, its labels, its aliases."""
    names: dict[str, str] = {}
    for column in dataset.columns:
        zh, en = clean_label(column.label_zh), clean_label(column.label_en)
        for text in (column.name, zh, en, f"{zh} {en}", f"{zh}{en}"):
            names.setdefault(text.casefold(), column.name)
    for row in read_rows(COLUMN_ALIASES):
        if row["dataset"] == dataset.name:
            names.setdefault(clean_label(row["alias"]).casefold(), row["column_name"])
    return names


def match_columns(header: list[str], layout: Layout, dataset: Dataset) -> dict[str, int]:
    """Column name of the dataset to column number of the file, from 1.

    A header cell is matched whole or by one of its lines. Raises Unreadable, naming what is
    missing or in no catalogue.
    """
    names = column_names(dataset)
    given = {clean_label(printed).casefold(): name for printed, name in layout.fields.items()}
    found: dict[str, int] = {}
    strangers = []
    for number, printed in enumerate(header, start=1):
        label = clean_label(printed).casefold()
        if not label or number in layout.ignore_columns:
            continue
        lines = [clean_label(line).casefold() for line in printed.splitlines()]
        tries = [text for line in (label, *lines) for text in (line, line.rstrip("* "))]
        name = next((given[text] for text in tries if text in given), None)
        name = name or next((names[text] for text in tries if text in names), None)
        if name is None:
            strangers.append(clean_label(printed))
        elif name in found:
            raise Unreadable("layout_mismatch", f"two columns are {name}", f"有两列都是 {name}")
        else:
            found[name] = number
    if strangers:
        named = ", ".join(strangers)
        detail_zh = f"{named}；{dataset.name} 没有这样的列"
        raise Unreadable("column_unknown", f"{named}; {dataset.name} has no such", detail_zh)
    required = {column.name for column in dataset.columns if column.is_required}
    missing = required - set(found) - set(layout.field_values)
    if missing:
        named = ", ".join(sorted(missing))
        raise Unreadable("layout_mismatch", f"no column {named}", f"缺少列 {named}")
    return found
