"""What printed labels and units mean: the one place where a label becomes a code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import UNIT_LABELS, read_rows
from orchestration.landing.map.labels import (
    ALIASES,
    BLANKS,
    BRACKETED,
    NUMBERED,
    UNIT_STATED,
    YEAR,
    by_spelling,
    clean_label,
    han_half,
    known_labels,
    latin_half,
    spelling,
    split_unit,
)

BALANCE_ITEMS = "codes/balance_item_codes.csv"
# An industry among the items of a table is a sector under this row of the balance, unless the
# dataset says another (`sector_item`).
SECTORS = "final_consumption"
# Headings that make shares and rates of what stands below them, which is then another quantity.
RELATIVE = re.compile(
    r"构成|比重|占.*%|指\s*数|增\s*长|增\s*速|比上年|composition|share|ind(ex|ices)|growth", re.I
)
LINE_BREAK = re.compile(r"[ \t]*[\r\n]+[ \t]*")
FLAT_POWER = re.compile(r"^10(\d{1,2}) ")


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
    """The labels the warehouse knows. `aliases[concept][label, folded]` is the alias as kept, and
    so is `spellings[concept][spelling]`, where no alias is printed to the letter."""

    aliases: dict[str, dict[str, str]]
    spellings: dict[str, dict[str, str]]
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
        """The unit label in a printed unit (`单位：万吨 (10 000 tons)`); the clean text if none.

        No part of a quotient is the unit: 千瓦时/人 is no 千瓦时. Nor is the first of two units.
        """
        clean = clean_label(text)
        stated = UNIT_STATED.search(clean)
        if stated:
            clean = stated[1].strip()
        for whole in (clean, clean.strip("() "), BRACKETED.sub("", clean).strip()):
            if unit := self._unit(whole):
                return unit
        parts = [part.strip() for part in re.split(r"[()\n;,/|]| {2,}", clean) if part.strip()]
        found = [self._unit(part) for part in parts]
        if len({self._measured(unit) for unit in found if unit}) > 1:
            return clean
        if "/" in clean and not all(found):
            return clean
        found += [self._unit(part.strip()) for part in (split_unit(clean)[1], han_half(clean))]
        return next((unit for unit in found if unit), clean)

    def _unit(self, text: str) -> str:
        """The label of a unit and nothing else; '' if it is none."""
        # `1010 kJ`: the sheet lost what was raised.
        tries = (text, FLAT_POWER.sub(r"10^\1 ", text))
        known = (self.units.get(part) or self.units_folded.get(_folded(part)) for part in tries)
        return next((unit for unit in known if unit), "")

    def _measured(self, unit: str) -> tuple[str | None, float | None]:
        meaning = self.meanings["unit"][unit]
        return meaning.code, meaning.factor

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
        return (
            self.aliases[concept].get(label.casefold())
            or self.codes[concept].get(label)
            or self.spellings[concept].get(spelling(label), "")
        )


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
    yield latin_half(text)
    yield latin_half(split_unit(text)[0])
    plain = NUMBERED.sub("", text)
    if plain != text:
        yield from _bared(plain)


def read_vocabulary() -> Vocabulary:
    """All aliases, codes and units of the reference tables."""
    aliases: dict[str, dict[str, str]] = {}
    codes: dict[str, dict[str, str]] = {}
    spellings: dict[str, dict[str, str]] = {"year": {}}
    for concept in ALIASES:
        aliases[concept], codes[concept] = {}, {}
        labels = known_labels(concept)
        spellings[concept] = by_spelling(
            (known.label, known.code, known.code_column == "industry_code") for known in labels
        )
        for known in labels:
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
    return Vocabulary(aliases, spellings, codes, units, _read_meanings(items), sections, sectors)


def _read_meanings(items: dict[str, dict[str, str]]) -> dict[str, dict[str, Meaning]]:
    """What each alias means. One that is both a row of the balance and an industry is the row."""
    meanings: dict[str, dict[str, Meaning]] = {}
    for concept in ALIASES:
        known = meanings.setdefault(concept, {})
        for label in known_labels(concept):
            code, item, industry, sign = label.code, None, None, None
            if label.code_column == "balance_item":
                if code not in items:
                    raise GreenparkError(
                        f"{label.label} means {code} in mappings/balance_item_aliases.csv, which "
                        f"is no row of {BALANCE_ITEMS}",
                        "correct the code, or add the row",
                    )
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
