"""Printed labels: how they are cleaned, and which of them the reference tables know."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import islice, takewhile
from operator import methodcaller
from typing import NamedTuple

from orchestration import full_width
from orchestration.landing.map.catalogue import read_rows

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
# `一、`, `(二)`, `3.` before a label; `单位：` wherever it stands in a line; a year.
NUMBERED = re.compile(
    r"^([一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[.、)](?!\d))\s*"
)
UNIT_STATED = re.compile(r"(?:计量单位|单\s*位|Unit)\s*:?\s*(.+)$", re.I)
# A year as it is printed: 2021, 2021年, 2021年度, and 2021.0 as programs save it.
YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0+)? ?(年?)度?")
OPEN = "9999"  # year_to of what is in force
LABELS_KEPT = 20_000  # in memory, cleaned once
SHORT = 2  # signs of the shortest names
BLANKS = " \t\r\n\u3000\xa0\ufeff"
BETWEEN_HAN = re.compile(r"(?<=[\u2e80-\u9fff])\s+(?=[\u2e80-\u9fff])")


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


@lru_cache(maxsize=LABELS_KEPT)
def clean_label(text: str) -> str:
    """A label as the alias tables have it: half-width, single blanks, none between Han signs.

    >>> clean_label(' 原　煤（万 吨） ')
    '原煤(万吨)'
    """
    folded = unicodedata.normalize("NFKC", text)
    return BETWEEN_HAN.sub("", " ".join(folded.split()))


# What publishers spell as they like: brackets, blanks and marks, 和 及 与 between two words, 的.
LOOSE = re.compile(
    r"[()\[\]〔〕【】「」“”‘’\"'《》 ,;、·&]|\band\b|(?<=[a-z])-(?=[a-z])"
    r"|(?<=[\u2e80-\u9fff)])(以及|[及与和的])(?=[\u2e80-\u9fff(])"
)
DASHES = str.maketrans(dict.fromkeys("\u2212\u2013\u2014\u2012\u2010", "-"))
FINAL = "业"  # the last sign of the name of an industry, which is often left out
SHORTEST_INDUSTRY = 3  # signs that are left of one then: 建筑 is no 建筑业


@lru_cache(maxsize=LABELS_KEPT)
def spelling(text: str) -> str:
    """A label without what publishers spell as they like: by this labels are compared.

    >>> spelling('石油、煤炭及其它燃料加工业') == spelling('石油,煤炭和其他燃料加工业')
    True
    """
    folded = clean_label(text).casefold().translate(DASHES).replace("其它", "其他")
    return LOOSE.sub("", folded)


def by_spelling(names: Iterable[tuple[str, str, bool]]) -> dict[str, str]:
    """Each spelling of names to the first name it is of; `names` are name, code, is it an industry.

    A spelling of two codes means neither. Where another name goes on (农林牧渔, then 水利业 in the
    line below) a name without its final sign is none.
    """
    found: dict[str, tuple[str, set[str]]] = {}
    given = [(spelling(name), name, code, is_industry) for name, code, is_industry in names]
    whole = sorted({text for text, *_ in given})
    for spelled, name, code, is_industry in given:
        short = spelled.removesuffix(FINAL)
        texts = {spelled}
        if is_industry and len(short) >= SHORTEST_INDUSTRY:
            after = islice(whole, bisect_left(whole, short), None)
            begun = set(takewhile(methodcaller("startswith", short), after))
            texts |= {short} if begun <= {spelled, short} else set()
        for text in texts:
            found.setdefault(text, (name, set()))[1].add(code)
    return {text: name for text, (name, codes) in found.items() if text and len(codes) == 1}


HAN_YEAR = re.compile(r"(?:二[〇○零]|一九)[〇○零一二三四五六七八九]{2}(?=年)")
HAN_DIGITS = {ord(sign): str("〇一二三四五六七八九".index(sign)) for sign in "一二三四五六七八九"}
HAN_DIGITS |= dict.fromkeys(map(ord, "〇○零"), "0")


def plain_line(text: str) -> str:
    """A running text with half-width signs, and years in digits.

    >>> plain_line('２０２２年１－６月'), plain_line('二○二二年能源平衡表①')
    ('2022年1-6月', '2022年能源平衡表①')
    """
    return HAN_YEAR.sub(
        lambda year: year[0].translate(HAN_DIGITS), text.translate(full_width.PLAIN)
    )


# A day as it is printed; what programs add to it is the hour in which it begins.
PRINTED_DAY = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))(?:[t ]0?0:00(?::00)?)?", re.I
)


def day_of(text: str) -> str:
    """The day that a text says, as year-month-day; the text itself where it says none.

    >>> day_of('2024年5月6日'), day_of('20240506'), day_of('2024-02-30'), day_of('未核销')
    ('2024-05-06', '2024-05-06', '2024-02-30', '未核销')
    """
    found = PRINTED_DAY.fullmatch(clean_label(text))
    if not found:
        return text
    year, *parts = (int(part) for part in found.groups() if part)
    try:
        return date(year, *parts).isoformat()
    except ValueError:
        return text


HAN_MONTH = "一二三四五六七八九"
HAN_MONTHS = {sign: place for place, sign in enumerate([*HAN_MONTH, "十", "十一", "十二"], start=1)}
ENGLISH_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# A month as it is printed, with or without its year; what a spreadsheet makes a date of is its
# first day. After a dot it has two digits: a number 2024.1 may have been 2024.10.
PRINTED_MONTHS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:(?P<year>\d{{4}})[-/.年 ]?)?(?P<month>0?[1-9]|1[0-2]|十[一二]?|[{HAN_MONTH}])月份?",
        r"(?P<year>\d{4})[-/](?P<month>0?[1-9]|1[0-2])(?:[-/]0?1(?:t00:00:00)?)?",
        r"(?P<year>\d{4})\.?(?P<month>0[1-9]|1[0-2])",
        rf"(?P<month>{ENGLISH_MONTHS})[a-z]*\.?(?:[-' ]*(?P<year>(?:\d\d)?\d\d))?",
    )
)
WHOLE_YEAR = ("全年", "全年数", "whole year")


def month_of(text: str, year: str | None) -> str:
    """The month that a text says, '' if the whole year; the text itself where it says none of that
    year.

    >>> month_of('2024年3月', '2024'), month_of('Mar-24', '2024'), month_of('2023-03-01', '2024')
    ('3', '3', '2023-03-01')
    """
    label = clean_label(plain_line(text)).casefold()
    if label in WHOLE_YEAR:
        return ""
    found = next((match for p in PRINTED_MONTHS if (match := p.fullmatch(label))), None)
    said = found and found.groupdict()["year"]
    if not found or (said and not (year or "").endswith(said)):
        return text
    month = found["month"]
    if month in ENGLISH_MONTHS:
        return str(ENGLISH_MONTHS.split("|").index(month) + 1)
    return str(HAN_MONTHS.get(month) or int(month))


BRACKETED = re.compile(r"\(([^()]*)\)\s*$")


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


def han_half(text: str) -> str:
    """The words with Chinese signs, joined."""
    return "".join(word for word in text.split() if re.search(r"[\u2e80-\u9fff]", word))


def latin_half(text: str) -> str:
    """The words without Chinese signs."""
    return " ".join(word for word in text.split() if not re.search(r"[\u2e80-\u9fff]", word))
