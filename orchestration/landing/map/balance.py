"""Rows of an energy balance: which part of it they stand in, and which sign they are kept with.

What goes into transformation is kept positive and what comes out negative; what a region gives
away or keeps in stock is kept negative, so that supply is the plain sum of its rows. Which sign the
print has, its heading (投入(-)产出(+)) or its sidecar says, else its power and heating plants show
(`rules/shared/measured.sql`). See DECISIONS.md.
"""

from __future__ import annotations

import re

from orchestration.landing.map.labels import DASHES, clean_label
from orchestration.landing.map.vocabulary import SECTORS, Meaning, Vocabulary

# `投入(-)产出(+)量`, `Inputs(+) outputs(-)`: the sign that is printed for what goes in.
INPUT_SIGN = re.compile(r"(?:投入|inputs?)\s*量?\s*\(\s*([+-])\s*\)", re.I)
# The heading of the yearbook where it leaves its signs out: they are the same.
INPUT_OUTPUT = "投入产出"


def inputs_of(printed: str) -> str:
    """The sign that a heading says inputs have: positive, negative or '' if it does not say.

    >>> inputs_of('二、加工转换投入（－）产出（＋）量')
    'negative'
    """
    text = clean_label(printed).translate(DASHES)
    found = INPUT_SIGN.search(text)
    if found:
        return "negative" if found[1] == "-" else "positive"
    return "negative" if INPUT_OUTPUT in text else ""


class Balance:
    """Reads the items of one table in the order in which they are printed."""

    def __init__(self, vocabulary: Vocabulary, sector_item: str, inputs: str | None) -> None:
        self.vocabulary = vocabulary
        self.sector_item = sector_item or SECTORS
        self.said = inputs or ""
        self.key: object = None
        self._begin()

    def _begin(self) -> None:
        self.section = self.sector_item
        self.sectors = self.sector_item
        self.inputs = self.said

    def place(self, item: Meaning, key: object) -> Meaning:
        """What a label means where it stands; `key` tells tables in one file apart."""
        if key != self.key:
            self.key = key
            self._begin()
        below = self.vocabulary.meanings["item"].get(f"{self.section}/{item.label}")
        if below:
            item = below._replace(printed=item.printed)
            if item.balance_item == self.sector_item:  # 合计 of a list of sectors
                item = item._replace(code=f"{item.balance_item}/{item.industry_code}")
            return item
        if item.is_sector:
            is_usual = self.sectors == item.balance_item
            code = item.code if is_usual else f"{self.sectors}/{item.code}"
            return item._replace(balance_item=self.sectors, code=code)
        if item.balance_item in self.vocabulary.sections:
            self.section = item.balance_item
            # Only a table whose sectors are parts of more than one total goes by the last one.
            if self.sector_item in self.vocabulary.sections.values():
                self.sectors = self.vocabulary.sections[item.balance_item] or self.sectors
            if item.stored_sign == "inputs_positive" and not self.said:
                self.inputs = inputs_of(item.printed)
        return item

    def factor(self, item: Meaning, unit: Meaning, number: str) -> Meaning:
        """The unit with the sign that takes a printed number to the one that is kept."""
        if unit.factor is None:
            return unit
        if item.stored_sign == "inputs_positive":
            is_turned = self.inputs == "negative"
        else:
            is_turned = item.stored_sign == "deducted" and not number.startswith("-")
        return unit._replace(factor=-unit.factor) if is_turned else unit

    def is_unstated(self, item: Meaning) -> bool:
        """Is it a row of transformation in a table that says nowhere what its signs mean?"""
        return item.stored_sign == "inputs_positive" and not self.inputs
