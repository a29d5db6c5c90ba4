"""Balances that print physical and standard quantity beside each other, year by year."""

from __future__ import annotations

import re
from typing import Any

from orchestration.landing.map.labels import BLANKS, clean_label
from orchestration.landing.map.vocabulary import Vocabulary
from orchestration.proposing.anatomy import Block, Grid

KINDS = {
    "physical": re.compile(r"实物量|physical", re.I),
    "standard": re.compile(r"标准量|standard", re.I),
}
# `单位:(实物量)亿千瓦时、(标准量)万吨标准煤`
STATED = r"\(?(?:{kind})\)?\s*[:：]?\s*\(?([^()、,，;；:：\s]+)"
# A table that counts power by the fuel it takes to make it says so.
EQUIVALENT, EQUIVALENT_LABEL = "等价", "（等价值）"


def find_pairs(grid: Grid, block: Block, vocabulary: Vocabulary) -> dict[int, tuple[str, str]]:
    """The kind of quantity and the unit of each column of values; nothing if it has no pairs."""
    for row in block.header:
        kinds = {
            column: next((k for k, sign in KINDS.items() if sign.search(text)), "")
            for column in block.values
            if (text := clean_label(grid.merged(row, column)))
        }
        if set(kinds) != set(block.values) or set(kinds.values()) != set(KINDS):
            continue
        units = _units(grid, row, vocabulary)
        if set(units) == set(KINDS):
            return {column: (kind, units[kind]) for column, kind in kinds.items()}
    return {}


def _units(grid: Grid, last: int, vocabulary: Vocabulary) -> dict[str, str]:
    """The unit of each kind, in the lines above the figures or in the heading itself."""
    lines = [
        clean_label(grid.at(row, column))
        for row in range(last, 0, -1)
        for column in grid.printed(row)
    ]
    units: dict[str, str] = {}
    for kind, sign in KINDS.items():
        for line in lines:
            found = re.search(STATED.format(kind=sign.pattern), line, re.I)
            if found and vocabulary.knows_unit(found[1].strip(BLANKS)):
                units.setdefault(kind, vocabulary.find_unit(found[1].strip(BLANKS)))
    return units


def columns_of_pairs(
    pairs: dict[int, tuple[str, str]], fuel: str, captions: list[str], vocabulary: Vocabulary
) -> dict[int, dict[str, Any]]:
    """`columns` of the layout: each with its unit; power by its equivalent where that is said."""
    label = fuel + EQUIVALENT_LABEL
    is_equivalent = any(EQUIVALENT in line for line in captions) and vocabulary.knows("fuel", label)
    return {
        column: {"unit": unit}
        | ({"labels": {"fuel": label}} if is_equivalent and kind == "standard" else {})
        for column, (kind, unit) in pairs.items()
    }
