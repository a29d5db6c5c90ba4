"""What the words of a list mean: names become codes, marks and years what they stand for.

A list obeys what a matrix obeys: the alias tables, the words of the sidecar, its marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.landing.map.catalogue import CODE_TABLES, Column, Dataset, code_rows
from orchestration.landing.map.labels import (
    YEAR,
    by_spelling,
    clean_label,
    day_of,
    known_labels,
    month_of,
    plain_line,
    spelling,
)
from orchestration.landing.map.list_units import without_unit
from orchestration.landing.map.marks import Marks
from orchestration.landing.map.vocabulary import Vocabulary
from orchestration.landing.read.sidecar import Layout

# The lists of codes whose labels a matrix knows too, by its concept.
CONCEPTS = {"regions": "region", "fuels": "fuel", "industries": "item"}
PLAIN = r"[+-]?[0-9]+(\.[0-9]+)?"
PERCENT = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?) ?%")
WHOLE = re.compile(r"(\d+)(\.0+)?")


class ListWords:
    """The words of one list, by the catalogue and the layout of its sidecar."""

    def __init__(self, dataset: Dataset, layout: Layout, vocabulary: Vocabulary) -> None:
        self.dataset = dataset
        self.layout = layout
        self.vocabulary = vocabulary
        self.marks = Marks(layout)
        self.columns = {column.name: column for column in dataset.columns}
        self.lists = {c.code_list: _codes(c.code_list) for c in dataset.columns if c.code_list}
        self.spelled = {
            name: by_spelling((word, code, name == "industries") for word, code in codes.items())
            for name, codes in self.lists.items()
            if name != "unit_labels"  # units are spelled by find_unit
        }
        self.unit_column = next(
            (c.name for c in dataset.columns if c.code_list == "unit_labels"), ""
        )
        self.known: dict[tuple[str, str], str] = {}
        self.plain: set[str] = set()  # of the last batch, the columns of plain numbers alone

    def meant(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The same rows with codes and plain numbers in place of words, where they are known."""
        arrays = {}
        self.plain = set()
        for name, values in zip(batch.schema.names, batch.columns, strict=True):
            column = self.columns.get(name)
            if column and column.code_list:
                values = _replaced(values, partial(self._met, column, self._code))
            elif column and column.type == "date":
                values = _replaced(values, partial(self._met, column, self._day))
            elif column and column.is_number and column.type != "month":
                values = self._numbers(column, values)
            arrays[name] = values
        for name, values in arrays.items():
            column = self.columns.get(name)
            if column and column.type == "month":
                arrays[name] = self._months(column, values, arrays.get("year"))
            elif column and column.is_measure and not column.unit and name not in self.plain:
                arrays[name] = _without_units(values, arrays.get(self.unit_column))
        return pa.RecordBatch.from_arrays(list(arrays.values()), list(arrays))

    def _numbers(self, column: Column, values: pa.Array) -> pa.Array:
        """Only what is not a plain number already is looked at; 2023.0 is a number, but no year."""
        plain = r"\d{4}" if column.type == "year" else PLAIN
        is_plain = pc.match_substring_regex(values, f"^({plain})?$")
        odd = pc.fill_null(pc.invert(is_plain), False)
        if not pc.any(odd).as_py():
            self.plain.add(column.name)
            return values
        read = self._year if column.type == "year" else self._number
        found = _replaced(values.filter(odd), partial(self._met, column, read))
        return pc.replace_with_mask(values, odd, found)

    def _months(self, column: Column, values: pa.Array, years: pa.Array | None) -> pa.Array:
        """Months as numbers. One that says its year is one of the year of its row, or stays."""
        odd = pc.fill_null(pc.invert(pc.match_substring_regex(values, "^[0-9]{0,2}$")), False)
        if not pc.any(odd).as_py():
            self.plain.add(column.name)
            return values
        of_rows = years.filter(odd).to_pylist() if years is not None else [None] * len(values)
        found = []
        for text, year in zip(values.filter(odd).to_pylist(), of_rows, strict=False):
            number, status = self.marks.number(text)
            found.append(number if status else month_of(number or text, year))
        return pc.replace_with_mask(values, odd, pa.array(found, pa.string()))

    def _met(self, column: Column, read: Callable[[Column, str], str], text: str) -> str:
        key = (column.name, text)
        if key not in self.known:
            self.known[key] = read(column, text)
        return self.known[key]

    def _number(self, column: Column, text: str) -> str:
        """A number without its marks; nothing where a mark says that there is none."""
        number, status = self.marks.number(text)
        share = PERCENT.fullmatch(number)
        if share and column.unit == "1" and column.type == "number":
            return f"{Decimal(share[1]).scaleb(-2):f}"
        return number if number or status else text

    def _day(self, column: Column, text: str) -> str:
        number, status = self.marks.number(text)
        return number if status else day_of(text)

    def _year(self, column: Column, text: str) -> str:
        found = YEAR.fullmatch(clean_label(plain_line(self.marks.without_footnotes(text))))
        return found[1] if found else text

    def _code(self, column: Column, text: str) -> str:
        """The code that a word means; the word itself if nobody knows."""
        codes = self.lists[column.code_list]
        if text in codes.values():
            return text
        plain = self.marks.without_footnotes(text)
        label = clean_label(plain)
        concept = CONCEPTS.get(column.code_list, "")
        overrides = self.layout.words_of(concept)
        if label.casefold() in codes and label not in overrides:
            return codes[label.casefold()]
        if concept and plain:
            meaning = self.vocabulary.meaning(concept, [plain], overrides)
            code = meaning.industry_code if concept == "item" else meaning.code
            if code and code in codes.values():
                return code
        if column.code_list == "unit_labels" and self.vocabulary.knows_unit(plain):
            return self.vocabulary.find_unit(plain)
        if name := self.spelled.get(column.code_list, {}).get(spelling(label)):
            return codes[name]
        return _padded(label, set(codes.values())) or text


def _without_units(values: pa.Array, units: pa.Array | None) -> pa.Array:
    """Figures without the unit that they print, where it is that of their row."""
    odd = pc.fill_null(pc.invert(pc.match_substring_regex(values, f"^({PLAIN})?$")), False)
    if units is None or not pc.any(odd).as_py():
        return values
    pairs = zip(values.filter(odd).to_pylist(), units.filter(odd).to_pylist(), strict=True)
    found = [without_unit(text, unit or "") for text, unit in pairs]
    return pc.replace_with_mask(values, odd, pa.array(found, pa.string()))


def _replaced(values: pa.Array, meaning: Callable[[str], str]) -> pa.Array:
    """Each text once, however often it stands in the rows."""
    coded = values.dictionary_encode()
    words = [meaning(text) if text else text for text in coded.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(coded.indices)


def _codes(code_list: str) -> dict[str, str]:
    """The codes of a list and their names, folded, to the code; what adds up others is none."""
    rows, key = code_rows(code_list)
    if code_list in CODE_TABLES:
        labels = ("name_zh", "name_en") if code_list != "regions" else ()
    else:
        labels = ("label_zh", "label_en")
    names = {row[key]: row[key] for row in rows}
    for label in (key, *labels):
        for row in rows:
            names.setdefault(clean_label(row.get(label, "")).casefold(), row[key])
    names.pop("", None)
    return names


def code_names(code_list: str) -> list[tuple[str, str]]:
    """Each code of a list with each of its names, the aliases of the tables among them."""
    codes = _codes(code_list)
    names = [(code, name) for name, code in codes.items()]
    concept = CONCEPTS.get(code_list)
    if concept:
        known = set(codes.values())
        names += [
            (label.code, label.label) for label in known_labels(concept) if label.code in known
        ]
    return list(dict.fromkeys(names))


def _padded(text: str, codes: set[str]) -> str:
    """The code that a spreadsheet made a number of: 6 and 26.0 are 06 and 26. '' if none."""
    found = WHOLE.fullmatch(text)
    if not found:
        return ""
    lengths = {len(code) for code in codes if code.isdigit()}
    padded = {found[1].zfill(length) for length in lengths} & codes
    return padded.pop() if len(padded) == 1 else ""
