"""Tables nobody described: what one disturbance does to each, and the verdict of every cell.

A case is a sound table and the same table disturbed. The sound one is proposed without a question,
reads every printed value and lands whole. Of the other each printed value is accepted, refused by
the rule named, or left out by name; or the proposal asks for what it cannot know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Rows = list[list[str]]
Cell = tuple[int, int]

CITIES = "jiangsu_yearbook_city_electricity"
GDP = "china_yearbook_gdp"
CITY_GDP = "city_yearbooks_city_gdp"
BALANCE = "energy_yearbook_energy_balance"
FUEL_USE = "jiangsu_yearbook_industrial_fuel_use"


@dataclass(frozen=True)
class Proposed:
    """One case. `values` are the cells of figures of the disturbed table, all accepted but those
    in `refused` (cell to rule); a cell of `left_out` is named as not read."""

    id: str
    dataset: str
    sound: Rows
    disturbed: Rows
    values: tuple[range, range]
    refused: dict[Cell, str] = field(default_factory=dict)
    left_out: frozenset[Cell] = frozenset()
    asked: tuple[str, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict)
    kind: str = "csv"


POWER: Rows = [
    ["城市", "2021年", "2022年"],
    ["南京市", "747.27", "803.2"],
    ["无锡市", "917.98", "955.1"],
    ["徐州市", "412.5", "433"],
]
UNIT = {"unit": "亿千瓦时"}
WHOLE = (range(2, 5), range(2, 4))


def put(rows: Rows, *changes: tuple[int, int, str]) -> Rows:
    """The same with other texts at (row, column)."""
    changed = [list(row) for row in rows]
    for row, column, text in changes:
        changed[row - 1][column - 1] = text
    return changed


def captioned(*lines: str, rows: Rows = POWER) -> Rows:
    return [*([line, *[""] * (len(rows[0]) - 1)] for line in lines), *rows]


def odd(id: str, *changes: tuple[int, int, str], kind: str = "csv", rule: str = "") -> Proposed:
    """Cells of the table of power that are no numbers."""
    rule = rule or "value_not_a_number"
    refused = {(row, column): rule for row, column, _ in changes}
    return Proposed(
        id, CITIES, POWER, put(POWER, *changes), WHOLE, refused, answers=UNIT, kind=kind
    )


DROPPED = [
    odd("first_row_of_words", (2, 2, "约747"), (2, 3, "暂缺")),
    odd("first_row_of_words_only", (2, 2, "未报"), (2, 3, "暂缺")),
    odd("first_row_of_wrong_grouping", (2, 2, "1,2345"), (2, 3, "12,34,567")),
    odd("first_row_of_percent", (2, 2, "12.5%"), (2, 3, "13%")),
    odd("last_row_of_words", (4, 2, "保密"), (4, 3, "保密")),
    odd("row_of_words_in_the_middle", (3, 2, "暂缺"), (3, 3, "待核")),
    odd("column_of_less_than", *((row, 3, "<0.1") for row in (2, 3, 4))),
    odd("column_of_words", *((row, 3, "保密") for row in (2, 3, 4))),
    odd("column_of_footnotes", (2, 3, "803.2 1)"), (3, 3, "955.1[2]"), (4, 3, "45.6b")),
    odd("column_of_ranges", (2, 2, "≥700"), (3, 2, "900以上"), (4, 2, "近400")),
    odd("first_row_of_formulas", (2, 2, "=1+1"), (2, 3, "=1+2"), kind="xlsx",
        rule="value_is_formula"),
    odd("column_of_formulas", *((row, 3, "=1+1") for row in (2, 3, 4)), kind="xlsx",
        rule="value_is_formula"),
    Proposed(
        "first_row_of_an_unknown_city",
        CITIES, POWER, put(POWER, (2, 1, "火星市"), (2, 2, "暂缺"), (2, 3, "暂缺")), WHOLE,
        {(2, 2): "label_unknown", (2, 3): "label_unknown"}, answers=UNIT,
    ),
    Proposed(
        "column_of_growth_beside",
        CITIES, POWER, [[*row, "9.1" if n else "比上年增长(%)"] for n, row in enumerate(POWER)],
        (range(2, 5), range(2, 5)), {(row, 4): "year_invalid" for row in (2, 3, 4)}, answers=UNIT,
    ),
    Proposed(
        "column_of_growth_left_out_on_request",
        CITIES, POWER, [[*row, "9.1" if n else "比上年增长(%)"] for n, row in enumerate(POWER)],
        (range(2, 5), range(2, 5)), left_out=frozenset({(2, 4), (3, 4), (4, 4)}),
        answers={**UNIT, "leave_out": True},
    ),
    Proposed(
        "city_left_out_on_request",
        CITIES, POWER, put(POWER, (3, 1, "火星市")), WHOLE,
        left_out=frozenset({(3, 2), (3, 3)}), answers={**UNIT, "leave_out": True},
    ),
    Proposed(
        "names_in_a_second_language_beside",
        CITIES, POWER,
        [[row[0], english, *row[1:]] for row, english in
         zip(POWER, ("City", "Nanjing", "Wuxi", "Xuzhou"), strict=True)],
        (range(2, 5), range(2, 5)), left_out=frozenset({(2, 2), (3, 2), (4, 2)}), answers=UNIT,
    ),
]  # fmt: skip

PRODUCT: Rows = [["地区", "2022年", "2023年"], ["江苏", "122875.6", "128222.2"]]
ONE = (range(3, 4), range(2, 4))
TOTAL = captioned("表3-2 各地区地区生产总值 单位：亿元", rows=PRODUCT)
LONG: Rows = [
    ["地区", "年份", "地区生产总值（亿元）"],
    ["江苏", "2021", "117392.4"],
    ["江苏", "2022", "122875.6"],
]


def caption(id: str, text: str, *asked: str) -> Proposed:
    changed = captioned(text, rows=PRODUCT)
    return Proposed(id, GDP, TOTAL, changed, ONE, asked=asked or ("indicator",))


OVERRULED = [
    caption("caption_of_revenue", "表3-2 一般公共预算收入 单位：亿元"),
    caption("caption_per_head", "表3-2 人均地区生产总值 单位：元"),
    caption("caption_of_a_share", "表3-2 工业增加值占地区生产总值比重 单位：%"),
    caption("caption_of_output", "表3-2 规模以上工业总产值 单位：亿元"),
    caption("caption_in_english", "Table 3-2 General Budget Revenue by Region (100 million yuan)"),
    caption("caption_with_another_beside", "地区生产总值和一般公共预算收入 单位：亿元"),
    Proposed(
        "heading_per_head", GDP, LONG, put(LONG, (1, 3, "人均地区生产总值（元）")),
        (range(2, 4), range(3, 4)), asked=("indicator",),
    ),
    Proposed(
        "caption_of_other_than_industry",
        CITIES,
        captioned("9-10 各市全社会用电量", "单位：亿千瓦时"),
        captioned("9-10 各市非工业用电量", "单位：亿千瓦时"),
        (range(4, 7), range(2, 4)), asked=("item", "fuel"),
    ),
    Proposed(
        "caption_of_capacity",
        CITIES,
        captioned("各市全社会用电量（单位：亿千瓦时）"),
        captioned("各市发电装机容量（单位：万千瓦）"),
        (range(3, 6), range(2, 4)), asked=("item", "fuel"),
    ),
]  # fmt: skip

DIMENSIONS = [
    Proposed(
        f"product_in_{name}", GDP, PRODUCT, PRODUCT, (range(2, 3), range(2, 4)),
        {(2, 2): "unit_mismatch", (2, 3): "unit_mismatch"},
        answers={"unit": unit, "constants": {"indicator": "地区生产总值"}},
    )
    for name, unit in (("tonnes", "万吨"), ("percent", "%"), ("standard_coal", "万吨标准煤"),
                       ("money_per_head", "元/人"))
] + [
    Proposed(
        f"power_{name}", CITIES,
        captioned("9-10 分市全社会用电量", "单位：亿千瓦时"),
        captioned("9-10 分市全社会用电量", f"单位：{unit}"),
        (range(4, 7), range(2, 4)), asked=("unit",),
    )
    for name, unit in (("per_head", "千瓦时/人"), ("per_area", "kWh/m2"),
                       ("per_year", "亿千瓦时/年"), ("of_two_units", "亿千瓦时，%"))
] + [
    Proposed(
        "title_of_two_units", CITIES,
        captioned("9-10 分市全社会用电量（亿千瓦时）"),
        captioned("9-10 分市全社会用电量（亿千瓦时、%）"),
        (range(3, 6), range(2, 4)), asked=("unit",),
    ),
    Proposed(
        "power_in_capacity", CITIES, POWER, POWER, WHOLE,
        {(row, column): "unit_mismatch" for row in (2, 3, 4) for column in (2, 3)},
        answers={"unit": "万千瓦"},
    ),
    Proposed(
        "said_to_be_product_under_a_caption_per_head", GDP, TOTAL,
        captioned("表3-2 人均地区生产总值 单位：元", rows=PRODUCT), ONE,
        {(3, 2): "content_quantity_mismatch", (3, 3): "content_quantity_mismatch"},
        answers={"constants": {"indicator": "地区生产总值"}},
    ),
]  # fmt: skip

SINGLE: Rows = [["城市", "2023年"], ["南京市", "747.27"], ["无锡市", "917.98"]]
HALF = (range(4, 6), range(2, 3))


def period(id: str, text: str, heading: str = "2023年") -> Proposed:
    sound = captioned(
        "2023年分市全社会用电量", "单位：亿千瓦时", rows=put(SINGLE, (1, 2, "用电量"))
    )
    sound = put(sound, (3, 2, "2023年"))
    rows = put(SINGLE, (1, 2, heading))
    return Proposed(
        id, CITIES, sound, captioned(text, "单位：亿千瓦时", rows=rows), HALF, asked=("year",)
    )


PERIODS = [
    period(f"part_of_a_year_{number}", f"2023年{words}分市全社会用电量", f"2023年{words}")
    for number, words in enumerate(
        ("1-6月", "1—9月累计", "一季度", "第三季度", "前三季度", "上半年", "下半年", "累计",
         "5月份", "元-6月", "一至十月", "前6个月", "前十个月", "头三季", "第3季", "Q1", "10月末",
         "六月份", "当月", "夏季", "供暖季", "年中")
    )
] + [
    Proposed(
        "part_of_a_year_under_years", CITIES, POWER, put(POWER, (1, 3, "2022年1-6月")), WHOLE,
        {(row, 3): "year_invalid" for row in (2, 3, 4)}, answers=UNIT,
    ),
    Proposed(
        "the_year_to_december_is_the_year", CITIES,
        captioned("2023年分市全社会用电量", "单位：亿千瓦时", rows=SINGLE),
        captioned("2023年1-12月分市全社会用电量", "单位：亿千瓦时", rows=SINGLE), HALF,
    ),
    Proposed(
        "the_year_to_december_in_words_is_the_year", CITIES,
        captioned("2023年分市全社会用电量", "单位：亿千瓦时", rows=SINGLE),
        captioned("2023年元至十二月分市全社会用电量", "单位：亿千瓦时", rows=SINGLE), HALF,
    ),
    Proposed(
        "said_to_be_the_year_under_half_a_year", CITIES,
        captioned("2023年分市全社会用电量", "单位：亿千瓦时", rows=SINGLE),
        captioned("2023年上半年分市全社会用电量", "单位：亿千瓦时", rows=SINGLE), HALF,
        {(4, 2): "content_part_of_year", (5, 2): "content_part_of_year"},
    ),
]  # fmt: skip

YEARS = [
    Proposed(
        "delimiter_for_excel", CITIES, captioned("9-10 分市全社会用电量"), captioned("sep="),
        (range(3, 6), range(2, 4)), answers=UNIT,
    ),
] + [
    Proposed(f"years_as_{name}", CITIES, POWER, put(POWER, (1, 2, one), (1, 3, two)), WHOLE,
             answers=UNIT)
    for name, one, two in (("floats", "2021.0", "2022.0"), ("nian_du", "2021年度", "2022年度"))
]  # fmt: skip

CASES = [*DROPPED, *OVERRULED, *DIMENSIONS, *PERIODS, *YEARS]
