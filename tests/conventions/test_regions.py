"""No code, SQL, rule or text knows a region: a region is a row of the reference or of the data."""

from __future__ import annotations

import re

import pytest
from mentions import mentions

from orchestration.landing.map.catalogue import read_rows
from orchestration.landing.map.labels import known_labels

# Unit tests of models work on made-up rows, which need some code; so do the sample parks. The
# vendored files hold outlines of all provinces and the languages of a library.
MADE_UP_ROWS = re.compile(
    r"/test_[^/]*\.yml$|^dbt_project/tests/fixtures/[^/]*\.csv$|/reconstruction/[^/]*\.csv$"
    r"|^orchestration/site/assets/"
)
# A source has the name of its publisher and product, as folders and datasets have it; a time zone
# that of its city.
OTHER_NAMES = re.compile(r"jiangsu_yearbook|Asia/Shanghai")
COUNTRY = "100000"
CODE = re.compile(r"(?<!\d)[1-6]\d{5}(?!\d)")
WORD = re.compile(r"[A-Za-z']{5,}")
HAN = re.compile(r"[\u4e00-\u9fff]")
# How many cities a province has.
COUNTED = re.compile(r"\b1[13] (?:cities|prefectures)|thirteen|十三个")
# File with a region, and why it may: the fewer the better.
ALLOWED = {
    "orchestration/cli/explain.py": "the example of `greenpark explain` works on the shipped data",
}
NAMES = {known.label.casefold(): known.code for known in known_labels("region")} | {
    row["name_en"].casefold(): row["region_code"] for row in read_rows("codes/region_codes.csv")
}
NAMES = {name: code for name, code in NAMES.items() if code != COUNTRY}
# A Chinese name of two signs may be part of other words, unless a province has it or a city of the
# shipped data.
HAN_NAMES = [
    name
    for name, code in NAMES.items()
    if HAN.search(name) and (len(name) > 2 or code.endswith("0000") or code.startswith("32"))
]


def regions_in(line: str) -> list[str]:
    """The codes and names of regions in a line of text."""
    line = OTHER_NAMES.sub("", line)
    words = CODE.findall(line) + WORD.findall(line)
    found = [word for word in words if word.casefold() in NAMES]
    if HAN.search(line):
        found += [name for name in HAN_NAMES if name in line]
    return found + COUNTED.findall(line)


@pytest.mark.parametrize(
    "line",
    [
        "where region_code = '320000'",
        "regions.region_code in ('140100', '140200')",
        "-- Suzhou is larger",
        "model: jiangsu_totals",
        "江苏省的数字",
        "各市（苏州除外）",
        "Table 9-10 has all thirteen cities",
        "case when count(*) = 13 then '13 cities' end",
    ],
)
def test_a_region_is_found(line: str) -> None:
    assert regions_in(line)


@pytest.mark.parametrize(
    "line", ["stg_jiangsu_yearbook__city_electricity", "10000000", "第三明细表", "the province"]
)
def test_what_is_no_region_is_not(line: str) -> None:
    assert not regions_in(line)


def test_no_file_knows_a_region() -> None:
    found = mentions(regions_in, MADE_UP_ROWS.search)
    unknown = {name: hits for name, hits in found.items() if name not in ALLOWED}
    assert not unknown
    assert set(ALLOWED) <= set(found), "what is no longer needed is no exception"
