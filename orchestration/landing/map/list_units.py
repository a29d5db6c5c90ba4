"""The units that a list prints in headings and captions, against those of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from orchestration.landing.map.catalogue import UNIT_LABELS, Column, Dataset, read_rows
from orchestration.landing.map.dimensions import dimensions_named
from orchestration.landing.map.labels import clean_label, split_unit
from orchestration.landing.map.vocabulary import Meaning
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout

# 单位：万吨 in a line; 填报单位 is who filled it in.
STATED = re.compile(r"(?<![报制送管主办责])(?:计量)?单\s*位\s*[:：]\s*(\S+)")
IN_BRACKETS = re.compile(r"\(([^()]+)\)")
NUMERALS = re.compile(r"[\d\s^*×十百千万亿]*")
# Signs in the brackets of a heading, which stand for a unit even where nobody knows it; no word.
SYMBOL = re.compile(r"(?![a-z ]{4,}$)[A-Za-z0-9^*/·. -]{1,10}")
FIGURE_WITH_UNIT = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?) ?(\D.*)")
RULE = "heading_unit_mismatch"
CO2_UNITS = {"t_co2": "t", "t_co2e": "t"}


@cache
def _units() -> dict[str, Meaning]:
    units: dict[str, Meaning] = {}
    for row in read_rows(UNIT_LABELS):
        label = row["unit_label"]
        known = Meaning(label, label, row["unit"], factor=float(row["to_unit_factor"]))
        units.setdefault(_folded(label), known)
    return units


def _folded(text: str) -> str:
    return clean_label(text).replace(" ", "").casefold()


def known_unit(text: str) -> Meaning | None:
    """The unit that a text is; None if it is none."""
    return _units().get(_folded(text))


def is_like_a_unit(text: str) -> bool:
    """Is it a unit nobody knows: one that is known, times a number (百吨)?

    >>> is_like_a_unit('百吨'), is_like_a_unit('本年度')
    (True, False)
    """
    folded = _folded(text)
    return any(
        folded.endswith(unit) and NUMERALS.fullmatch(folded.removesuffix(unit)) for unit in _units()
    )


def units_of_heading(heading: str) -> list[str]:
    """The units in a heading: in brackets, after a comma, or alone in a line."""
    lines = [clean_label(line) for line in heading.splitlines()]
    tries = [part for line in lines for part in IN_BRACKETS.findall(line) if SYMBOL.fullmatch(part)]
    others = [part for line in lines for part in IN_BRACKETS.findall(line)]
    others += [split_unit(line)[1] for line in lines] + lines[1:]
    tries += [text for text in others if text and is_like_a_unit(text)]
    return list(dict.fromkeys(tries))


def stated_unit(captions: Iterable[str]) -> str:
    """The unit that a line above a list states; '' if none does."""
    found = (STATED.search(line) for line in captions)
    unit = next((match[1] for match in found if match), "")
    return unit if unit and is_like_a_unit(unit) else ""


def scales_of(
    header: list[str],
    found: dict[str, int],
    captions: list[str],
    layout: Layout,
    dataset: Dataset,
) -> dict[str, float]:
    """Column to the number its figures have to be multiplied by, because another unit is printed.

    A heading overrides `unit` of the layout, which overrides a caption. Raises Unreadable where
    what is printed is no unit of the column.
    """
    columns = {column.name: column for column in dataset.columns}
    general = layout.unit or stated_unit(captions)
    scales: dict[str, float] = {}
    is_used = False
    for name, number in found.items():
        column = columns[name]
        if not column.unit or not column.is_measure:
            continue
        heading = header[number - 1]
        is_own = is_own_label(heading, column)  # the heading of the form says the unit itself
        printed = units_of_heading(heading)
        if is_own:  # in one language at least; the other may have been changed
            changed = [text for text in printed if factor(text, column) not in (None, 1)]
            if changed:
                raise Unreadable(RULE, f"{clean_label(heading)}: {', '.join(changed)}")
            printed = []
        if not printed and general and fits(general, column):
            is_used = True
            printed = [] if is_own else [general]
            if is_own and factor(general, column) != 1:
                raise Unreadable(RULE, f"{clean_label(heading)}: {general}")
        for text in printed:
            scale = factor(text, column)
            if scale is None:
                raise Unreadable(RULE, f"{clean_label(heading)}: {text} ≠ {column.unit}")
            scales[name] = scale
    if layout.unit and not is_used:
        raise Unreadable(RULE, f"unit: {layout.unit}")
    return {name: scale for name, scale in scales.items() if scale != 1}


def headed_units(header: list[str], found: dict[str, int], dataset: Dataset) -> dict[str, str]:
    """Column without a unit of its own to the unit its heading prints."""
    units = {}
    for column in dataset.columns:
        if column.is_measure and not column.unit and column.name in found:
            printed = units_of_heading(header[found[column.name] - 1])
            if printed:
                units[column.name] = printed[0]
    return units


def column_of_unit(dataset: Dataset, heading: str, general: str) -> str:
    """The column whose label a heading prints with another unit of its dimension; '' if none.

    A heading without a unit is one of them only where `general` says the unit of the list.
    """
    printed = units_of_heading(heading) or ([general] if general else [])
    if not printed:
        return ""
    tries = [heading, *heading.splitlines()]
    bare = {split_unit(clean_label(text))[0].casefold() for text in tries}
    for column in dataset.columns:
        labels = (column.label_zh, column.label_en)
        own = {split_unit(clean_label(label))[0].casefold() for label in labels if label}
        if column.unit and column.is_measure and own & bare:
            return column.name if fits(printed[0], column) else ""
    return ""


def is_own_label(heading: str, column: Column) -> bool:
    """Is the heading that of the form, unit and all?"""
    labels = {_folded(label) for label in (column.label_zh, column.label_en) if label}
    lines = [*heading.splitlines(), heading]
    return any(_folded(line).rstrip("*") in labels for line in lines)


def without_unit(text: str, unit: str) -> str:
    """A figure without the unit it prints, where it is this one; the text itself where it is not.

    >>> without_unit('1,200 吨', 't'), without_unit('1.2万吨', '吨')
    ('1,200', '1.2万吨')
    """
    found = FIGURE_WITH_UNIT.fullmatch(clean_label(text))
    printed = known_unit(found[2]) if found else None
    own = known_unit(unit)
    if not found or not printed or not own:
        return text
    is_own = (printed.code, printed.factor) == (own.code, own.factor)
    return found[1] if is_own else text


def fits(unit: str, column: Column) -> bool:
    return factor(unit, column) is not None


def factor(unit: str, column: Column) -> float | None:
    """How many of the unit of a column one of a unit is; None if it is of another dimension."""
    known = known_unit(unit)
    if known is None:
        return None
    code = known.code
    if code in CO2_UNITS and "co2" in dimensions_named(f"{column.label_zh} {column.label_en}"):
        code = CO2_UNITS[code]  # tonnes of CO2 are kept as tonnes where the column says CO2
    return known.factor if code == column.unit else None
