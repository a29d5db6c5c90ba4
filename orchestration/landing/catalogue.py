"""What the landing knows before it reads a file: datasets, their columns, codes and labels."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from orchestration.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
CONCEPTS = ("region", "year", "item", "fuel", "indicator")
CONCEPTS_ZH = dict(
    zip(CONCEPTS, ("地区", "年份", "项目", "能源品种", "指标"), strict=True)
)  # in what is said to people
# The tables in which a label must stand, by concept, with the column of the code it means.
ALIASES = {
    "region": [("mappings/region_aliases.csv", "region_code")],
    "item": [
        ("mappings/balance_item_aliases.csv", "balance_item"),
        ("mappings/industry_aliases.csv", "industry_code"),
    ],
    "fuel": [("mappings/fuel_aliases.csv", "fuel_code")],
    "indicator": [("mappings/indicator_aliases.csv", "indicator")],
}
# Lists of codes whose own names are labels as well, with the columns of the names. The names of
# what is no more come last and never take the place of a name in force.
NAMES = {
    "region": [
        ("codes/region_codes.csv", ("region_code", "name_zh", "short_name_zh", "name_en")),
        ("codes/former_region_names.csv", ("former_code", "name_zh", "name_en")),
    ],
}
# What a matrix keeps beside the printed label of a concept: the codes that it means.
CODES = {
    "region": ("region_code",),
    "year": ("year",),
    "item": ("balance_item", "industry_code"),
    "fuel": ("fuel_code",),
    "indicator": ("indicator",),
}
UNIT_LABELS = "units/unit_labels.csv"
# What every column of the warehouse is: type, unit, labels and meaning in both languages.
COLUMNS = "catalog/columns.csv"
FRACTION = ("小数", "fraction")  # what a label says of a number without a unit
HAN = re.compile(r"[\u2e80-\u9fff]")
BALANCE_ITEMS = "codes/balance_item_codes.csv"
# An industry among the items of a table is a sector under this row of the balance, unless the
# dataset says another (`sector_item`).
SECTORS = "final_consumption"
# The lists that stand in tables of their own; all others are in code_list_entries.csv.
CODE_TABLES = {
    "regions": ("codes/region_codes.csv", "region_code"),
    "industries": ("codes/industry_codes.csv", "industry_code"),
    "fuels": ("codes/fuel_codes.csv", "fuel_code"),
    "unit_labels": (UNIT_LABELS, "unit_label"),
}
CODE_LISTS = "codes/code_list_entries.csv"
# `一、`, `(二)`, `3.` before a label; `单位：` wherever it stands in a line; a year.
NUMBERED = re.compile(
    r"^([一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[.、)](?!\d))\s*"
)
UNIT_STATED = re.compile(r"(?:计量单位|单\s*位|Unit)\s*:?\s*(.+)$", re.I)
# Headings that make shares and rates of what stands below them, which is then another quantity.
RELATIVE = re.compile(
    r"构成|比重|占.*%|指\s*数|增\s*长|增\s*速|比上年|composition|share|ind(ex|ices)|growth", re.I
)
# A year as it is printed: 2021, 2021年, 2021年度, and 2021.0 as programs save it.
YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0+)? ?(年?)度?")
OPEN = "9999"  # year_to of what is in force
SHORT = 2  # signs of the shortest names
BLANKS = " \t\r\n\u3000\xa0\ufeff"
LINE_BREAK = re.compile(r"[ \t]*[\r\n]+[ \t]*")
BETWEEN_HAN = re.compile(r"(?<=[\u2e80-\u9fff])\s+(?=[\u2e80-\u9fff])")


@dataclass(frozen=True)
class Column:
    """One column of a dataset of kind `records`; a row of `catalog/dataset_columns.csv`."""

    name: str
    label_zh: str
    label_en: str
    type: str
    unit: str
    is_required: bool
    is_key: bool
    code_list: str
    is_non_negative: bool
    maximum_threshold_id: str

    @property
    def is_number(self) -> bool:
        return self.type in ("number", "integer", "year", "month")

    @property
    def is_measure(self) -> bool:
        """Is it a quantity that a row gives, and no part of what the row is about?"""
        return self.type in ("number", "integer") and not self.is_key


@dataclass(frozen=True)
class Dataset:
    """One row of `catalog/datasets.csv`: a raw table and what its rows hold."""

    name: str
    label_zh: str
    label_en: str
    kind: str
    concepts: tuple[str, ...]
    columns: tuple[Column, ...] = ()

    @property
    def publisher(self) -> str:
        """The publisher and product that its name begins with: two words, as folders have them."""
        return "_".join(self.name.split("_")[:2]) if "_" in self.name else self.name

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """The columns of the raw table beside the provenance, in order."""
        if self.kind == "records":
            return tuple(column.name for column in self.columns)
        labels = tuple(f"{concept}_label" for concept in self.concepts)
        units = ("unit_label", "unit", "to_unit_factor")
        return (*labels, *self.codes, *units, "value_text", "number_text", "value_status")

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of a row of a matrix, in the order of its concepts."""
        return tuple(code for concept in self.concepts for code in CODES[concept])


def read_rows(path: str) -> list[dict[str, str]]:
    """The rows of a CSV below `seeds/reference`."""
    with (REFERENCE / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


class CaptionWord(NamedTuple):
    """A word of captions: the dimension of the quantity it names, '' if it names none."""

    word: str
    dimension: str
    is_modifier: bool

    @property
    def pattern(self) -> str:
        word = re.escape(self.word)
        return rf"\b{word}\b" if self.word.isascii() else word

    def is_in(self, text: str) -> bool:
        return bool(re.search(self.pattern, text))


class KnownLabel(NamedTuple):
    """A label that the reference tables know, the code that it means and the column of the code."""

    label: str
    code_column: str
    row: dict[str, str]

    @property
    def code(self) -> str:
        return self.row[self.code_column]


def known_labels(concept: str) -> list[KnownLabel]:
    """Every label of a concept: the alias tables, then the names of the codes themselves.

    A name that two codes have means neither; the name of a code in force is no former name of
    another.
    """
    labels = [
        KnownLabel(row["alias"], code_column, row)
        for path, code_column in ALIASES.get(concept, [])
        for row in read_rows(path)
    ]
    names: dict[bool, list[KnownLabel]] = {False: [], True: []}
    for path, columns in NAMES.get(concept, []):
        for row in read_rows(path):
            names[row["year_to"] != OPEN] += [
                KnownLabel(row[column], ALIASES[concept][0][1], row)
                for column in columns
                if row[column]
            ]
    for tier in names.values():
        taken = {label.label.casefold() for label in labels}
        codes: dict[str, set[str]] = {}
        for name in tier:
            codes.setdefault(name.label.casefold(), set()).add(name.code)
        labels += [
            name
            for name in tier
            if (folded := name.label.casefold()) not in taken and len(codes[folded]) == 1
        ]
    return labels


@cache
def caption_words() -> list[CaptionWord]:
    """Words of captions, the longest first."""
    words = [
        CaptionWord(row["word"].lower(), row["dimension"], row["is_modifier"] == "true")
        for row in read_rows("mappings/caption_words.csv")
    ]
    return sorted(words, key=lambda known: -len(known.word))


def dimensions_named(text: str) -> set[str]:
    """The dimensions of the quantities that a phrase names.

    >>> dimensions_named('人均地区生产总值'), dimensions_named('分市地区生产总值')
    ({'per_head'}, {'money'})
    """
    folded = clean_label(text).lower()
    found = [known for known in caption_words() if known.dimension and known.is_in(folded)]
    return {k.dimension for k in found if k.is_modifier} or {k.dimension for k in found}


def is_named(name: str, text: str) -> bool:
    """Does a running text name it? Two signs may be part of other words: 三明 in 第三明细表.

    >>> is_named('三明', '第三明细表'), is_named('三明', '2020年三明能源平衡表')
    (False, True)
    """
    if len(name) > SHORT or name not in text:
        return name in text
    return len(name) == SHORT and bool(
        re.search(rf"(^|[^\u4e00-\u9fff]|[年省区市]){re.escape(name)}", text)
    )


def column_catalogue() -> dict[str, dict[str, str]]:
    """The rows of `catalog/columns.csv`, by name of the column."""
    return {row["column_name"]: row for row in read_rows(COLUMNS)}


def unit_names(unit: str) -> tuple[str, str]:
    """What a label prints of the unit it is kept in, in Chinese and in Latin letters."""
    if unit == "1":
        return FRACTION
    whole = [
        row["unit_label"]
        for row in read_rows(UNIT_LABELS)
        if row["unit"] == unit and float(row["to_unit_factor"]) == 1
    ]
    chinese = next((label for label in whole if HAN.search(label)), unit)
    return chinese, next((label for label in whole if not HAN.search(label)), unit)


def dataset_columns() -> list[dict[str, str]]:
    """The rows of `catalog/dataset_columns.csv`, by position.

    A label or description left blank is that of the catalogue; to a label the unit is added.
    """
    known = column_catalogue()
    rows = sorted(read_rows("catalog/dataset_columns.csv"), key=lambda r: int(r["position"]))
    for row in rows:
        meaning = known.get(row["column_name"], {})
        is_count = row["unit"] == "1" and row["type"] != "number"
        units = unit_names(row["unit"]) if row["unit"] and not is_count else ("", "")
        marks = (f"（{units[0]}）", f" ({units[1]})") if units[0] else units
        for field_name, mark in zip(("label_zh", "label_en"), marks, strict=True):
            row[field_name] = row[field_name] or meaning.get(field_name, "") + mark
        for field_name in ("description_zh", "description_en"):
            row[field_name] = row[field_name] or meaning.get(field_name, "")
    return rows


def read_datasets() -> dict[str, Dataset]:
    """The datasets the warehouse knows, by name."""
    columns: dict[str, list[Column]] = {}
    for row in dataset_columns():
        columns.setdefault(row["dataset"], []).append(
            Column(
                row["column_name"],
                row["label_zh"],
                row["label_en"],
                row["type"],
                row["unit"],
                row["is_required"] == "true",
                row["is_key"] == "true",
                row["code_list"],
                row["is_non_negative"] == "true",
                row["maximum_threshold_id"],
            )
        )
    return {
        row["dataset"]: Dataset(
            row["dataset"],
            row["label_zh"],
            row["label_en"],
            row["kind"],
            tuple(part for part in row["concepts"].split("|") if part),
            tuple(columns.get(row["dataset"], ())),
        )
        for row in read_rows("catalog/datasets.csv")
    }


def clean_label(text: str) -> str:
    """A label as the alias tables have it: half-width, single blanks, none between Han signs.

    >>> clean_label(' 原　煤（万 吨） ')
    '原煤(万吨)'
    """
    folded = unicodedata.normalize("NFKC", text)
    return BETWEEN_HAN.sub("", " ".join(folded.split()))


BRACKETED = re.compile(r"\(([^()]*)\)\s*$")
FLAT_POWER = re.compile(r"^10(\d{1,2}) ")


def split_unit(label: str) -> tuple[str, str]:
    """A clean label and the unit printed at its end in brackets or after a comma; '' if none.

    >>> split_unit('综合能耗(吨标准煤)')
    ('综合能耗', '吨标准煤')
    """
    found = BRACKETED.search(label)
    if found:
        return label[: found.start()].strip(), found[1].strip()
    head, mark, tail = label.rpartition(",")
    return (head.strip(), tail.strip()) if mark else (label, "")


class Meaning(NamedTuple):
    """A printed label and what it means; without a code where nobody knows.

    `label` is the name it is known by, or the clean printed text. An item is a row of the balance
    or a sector under it, and may be one of several printed parts of its code.
    """

    printed: str
    label: str
    code: str | None = None
    balance_item: str | None = None
    industry_code: str | None = None
    part: str | None = None
    factor: float | None = None
    stored_sign: str | None = None

    @property
    def is_sector(self) -> bool:
        """Is it an industry, and no row of the balance of its own?"""
        return self.industry_code is not None and self.code == self.industry_code

    @property
    def year(self) -> int | None:
        return int(self.code) if self.code else None

    def codes(self, concept: str) -> tuple[str | int | None, ...]:
        """What a matrix keeps of it, in the order of CODES."""
        if concept == "item":
            return self.balance_item, self.industry_code
        return (self.year if concept == "year" else self.code,)


@dataclass
class Vocabulary:
    """The labels the warehouse knows. `aliases[concept][label, folded]` is the alias as kept."""

    aliases: dict[str, dict[str, str]]
    codes: dict[str, dict[str, str]]
    units: dict[str, str]
    meanings: dict[str, dict[str, Meaning]] = field(default_factory=dict)
    # The rows that head a part of a balance, with the item that sectors below them belong to.
    sections: dict[str, str] = field(default_factory=dict)
    # What an industry among the items of a dataset is.
    sector_items: dict[str, str] = field(default_factory=dict)
    units_met: dict[str, Meaning] = field(default_factory=dict)

    def meaning(
        self, concept: str, parts: Iterable[str], overrides: dict[str, str], printed: str = ""
    ) -> Meaning:
        """What a printed label means: the one place where a label becomes a code."""
        parts = list(parts)
        label = self.find(concept, parts, overrides)
        printed = printed or " ".join(text for part in parts if (text := part.strip(BLANKS)))
        printed = LINE_BREAK.sub(" ", printed)
        if concept == "year":
            return Meaning(printed, label, label[:4] if self.knows(concept, label) else None)
        known = self.meanings[concept].get(label)
        return known._replace(printed=printed) if known else Meaning(printed, label)

    def unit_meaning(self, text: str) -> Meaning:
        """The unit in a printed text, with the factor to the unit that quantities are kept in."""
        if text not in self.units_met:
            label, printed = self.find_unit(text), text.strip(BLANKS)
            known = self.meanings["unit"].get(label, Meaning("", label))
            # Of a caption (单位：万吨) the unit alone is what is printed as one.
            printed = label if label in printed else printed
            self.units_met[text] = known._replace(printed=printed)
        return self.units_met[text]

    def find(self, concept: str, parts: Iterable[str], overrides: dict[str, str]) -> str:
        """The alias of a printed label, of which `parts` are the cells it was printed in.

        Tries the sidecar's own words first. A heading of several cells is tried whole, then
        without its upper cells, never without its lowest: 原煤 over 增长 is no 原煤. Gives back
        the clean label if none is known.
        """
        texts = [text for part in parts if (text := clean_label(part))]
        if len(texts) > 1:
            texts = [text for text in texts if text not in self.units] or texts
        if not texts:
            return ""
        candidates = list(_candidates(texts))
        for candidate in candidates:
            meant = overrides.get(candidate)
            if meant is not None:
                return self._known(concept, clean_label(meant)) or meant
        for candidate in candidates:
            if alias := self._known(concept, candidate):
                return alias
        return clean_label(" ".join(texts))

    def knows(self, concept: str, label: str) -> bool:
        return bool(self._known(concept, clean_label(label)))

    def find_unit(self, text: str) -> str:
        """The unit label in a printed unit (`单位：万吨 (10 000 tons)`); the clean text if none."""
        clean = clean_label(text)
        stated = UNIT_STATED.search(clean)
        if stated:
            clean = stated[1].strip()
        tries = [clean, clean.strip("() "), BRACKETED.sub("", clean).strip()]
        tries += [part.strip() for part in re.split(r"[()\n;,/|]| {2,}", clean)]
        tries += [part.strip() for part in (split_unit(clean)[1], han_half(clean))]
        # `1010 kJ`: the sheet lost what was raised.
        tries += [FLAT_POWER.sub(r"10^\1 ", part) for part in tries if FLAT_POWER.match(part)]
        known = (self.units.get(part) or self.units_folded.get(_folded(part)) for part in tries)
        return next((unit for unit in known if unit), clean)

    def knows_unit(self, text: str) -> bool:
        return self.find_unit(text) in self.units.values()

    def is_unit(self, text: str) -> bool:
        """Is a text a unit and nothing else, be it in brackets or in two languages?"""
        clean = clean_label(text)
        tries = (clean, BRACKETED.sub("", clean), han_half(clean))
        return any(
            (part := text.strip("() "))
            and (part in self.units or _folded(part) in self.units_folded)
            for text in tries
        )

    @cached_property
    def units_folded(self) -> dict[str, str]:
        """Units without regard to case and blanks, for `10 000 TONS`."""
        return {_folded(label): unit for label, unit in reversed(self.units.items())}

    def _known(self, concept: str, label: str) -> str:
        if concept == "year":
            found = YEAR.fullmatch(label)
            return found[1] + found[2] if found else ""
        return self.aliases[concept].get(label.casefold()) or self.codes[concept].get(label, "")


def _folded(unit: str) -> str:
    return unit.replace(" ", "").casefold()


def _candidates(texts: list[str]) -> Iterator[str]:
    if len(texts) > 1:
        yield "/".join(texts)
    for first in range(len(texts)):
        if any(RELATIVE.search(text) for text in texts[:first]):
            return
        for text in _bared(" ".join(texts[first:])):
            yield clean_label(text)


def _bared(text: str) -> Iterator[str]:
    """A label whole, without its unit or number, its Chinese half, its Latin half."""
    yield text
    yield split_unit(text)[0]
    for half in (han_half(text), han_half(split_unit(text)[0])):
        yield half
        yield split_unit(half)[0]
    yield _latin_half(text)
    yield _latin_half(split_unit(text)[0])
    plain = NUMBERED.sub("", text)
    if plain != text:
        yield from _bared(plain)


def han_half(text: str) -> str:
    """The words with Chinese signs, joined."""
    return "".join(word for word in text.split() if re.search(r"[\u2e80-\u9fff]", word))


def _latin_half(text: str) -> str:
    """The words without Chinese signs."""
    return " ".join(word for word in text.split() if not re.search(r"[\u2e80-\u9fff]", word))


def read_vocabulary() -> Vocabulary:
    """All aliases, codes and units of the reference tables."""
    aliases: dict[str, dict[str, str]] = {}
    codes: dict[str, dict[str, str]] = {}
    for concept in ALIASES:
        aliases[concept], codes[concept] = {}, {}
        for known in known_labels(concept):
            aliases[concept].setdefault(clean_label(known.label).casefold(), known.label)
            codes[concept].setdefault(known.code, known.label)
        for label, alias in list(aliases[concept].items()):  # 四、终端消费量 without its number
            aliases[concept].setdefault(NUMBERED.sub("", label), alias)
    aliases["year"], codes["year"] = {}, {}
    units = {clean_label(row["unit_label"]): row["unit_label"] for row in read_rows(UNIT_LABELS)}
    items = {row["balance_item"]: row for row in read_rows(BALANCE_ITEMS)}
    sections = {
        name: row["sector_item"] for name, row in items.items() if row["is_section"] == "true"
    }
    sectors = {row["dataset"]: row["sector_item"] for row in read_rows("catalog/datasets.csv")}
    return Vocabulary(aliases, codes, units, _read_meanings(items), sections, sectors)


def _read_meanings(items: dict[str, dict[str, str]]) -> dict[str, dict[str, Meaning]]:
    """What each alias means. One that is both a row of the balance and an industry is the row."""
    meanings: dict[str, dict[str, Meaning]] = {}
    for concept in ALIASES:
        known = meanings.setdefault(concept, {})
        for label in known_labels(concept):
            code, item, industry, sign = label.code, None, None, None
            if label.code_column == "balance_item":
                item, industry = code, items[code]["default_industry_code"] or None
                sign = items[code]["stored_sign"]
            elif label.code_column == "industry_code":
                item, industry = SECTORS, code
            part = label.row.get("part") or None
            meaning = Meaning("", label.label, code, item, industry, part, None, sign)
            known.setdefault(label.label, meaning)
    meanings["unit"] = {
        row["unit_label"]: Meaning(
            "", row["unit_label"], row["unit"], factor=float(row["to_unit_factor"])
        )
        for row in read_rows(UNIT_LABELS)
    }
    return meanings


def reference_path(name: str) -> Path:
    return REFERENCE / name
