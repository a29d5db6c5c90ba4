"""What the lines above a table say of it: a part of a year, and words that nothing explains."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from orchestration.landing.map.catalogue import read_rows
from orchestration.landing.map.dimensions import caption_words
from orchestration.landing.map.labels import NUMBERED, clean_label, plain_line
from orchestration.landing.map.list_units import IN_BRACKETS, is_like_a_unit

HAN = re.compile(r"[\u4e00-\u9fff]")
# Lines that are about the publication, explain a figure or tell Excel the delimiter, and so are not
# the name of the table.
NO_NAME = re.compile(r"年鉴|yearbook|^\s*(注|说明|资料来源|数据来源|note|source|sep=)|。\s*$", re.I)
UNIT = re.compile(r"[(（]?(?:计量)?单\s*位\s*[:：].*|[(（]?\s*unit\s*[:：].*", re.I)
TABLE_NUMBER = re.compile(
    r"^\s*(附?表|table)?\s*\d+(\s*[-－—–.]\s*\d+)*\s*|第[一二三四五六七八九十\d]+[章节篇部]分?",
    re.I,
)
YEARS = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)\s*(年度?)?")
SHORTEST = 2  # signs of the shortest name that is taken out of a caption


@cache
def _periods() -> list[tuple[re.Pattern[str], bool]]:
    """Patterns of parts of a year; those that are a whole year come first."""
    rows = [
        # As DuckDB, which judges the same words, has \b: 2023年Q1分市 says Q1.
        (re.compile(row["pattern"], re.A), (row["first_month"], row["last_month"]) == ("1", "12"))
        for row in read_rows("mappings/period_words.csv")
    ]
    return sorted(rows, key=lambda entry: not entry[1])


def part_of_year(text: str) -> str:
    """The words that say a part of a year; '' if none do.

    >>> part_of_year('2023年1-6月全社会用电量'), part_of_year('2023年1-12月累计')
    ('1-6月', '')
    """
    words = plain_line(text).lower()
    for pattern, is_whole in _periods():
        if is_whole:
            words = pattern.sub(" ", words)
        elif found := pattern.search(words):
            return re.sub(r"^[^\w(（]|^年", "", found[0]).strip()
    return ""


def _named(line: str) -> str:
    """A caption without unit and period, which are looked at elsewhere."""
    text = clean_label(UNIT.sub("", line))
    for part in IN_BRACKETS.findall(text):
        if any(map(is_like_a_unit, re.split(r"[,、;]", part))):
            text = text.replace(f"({part})", " ")
    text = text.lower()
    for pattern, _ in _periods():
        text = pattern.sub(" ", text)
    return text


def unexplained(lines: Iterable[str], names: Iterable[str]) -> str:
    """The captions that hold more than known names and words that name no quantity.

    Of lines in two languages the Chinese ones are looked at.
    """
    clean = [_named(line) for line in lines if not NO_NAME.search(line)]
    has_han = any(HAN.search(line) for line in clean)
    if has_han:
        clean = [line for line in clean if HAN.search(line)]
    known = sorted({name.lower() for name in names if len(name) >= SHORTEST}, key=len, reverse=True)
    strange = []
    for line in clean:
        text = YEARS.sub(" ", NUMBERED.sub("", TABLE_NUMBER.sub("", line))).lower()
        for name in known:
            text = text.replace(name, " ")
        for entry in caption_words():
            if not entry.dimension:
                text = re.sub(entry.pattern, " ", text)
        text = re.sub(r"[^\u4e00-\u9fff]+" if has_han else r"[^a-z]+", " ", text)
        if set(text.split()) - {"和", "与", "及", "等"}:
            strange.append(line.strip())
    return "; ".join(strange)
