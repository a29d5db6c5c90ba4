"""Sound tables for the corpus of faulty files: what a yearbook or a park would have sent.

Every table has a place of its own: a province and a span of years, or a park. So the tables of
one case are compared with each other, as editions are, and with those of no other case.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orchestration.landing.map.catalogue import read_rows

PROVINCES = {
    "110000": "北京市",
    "120000": "天津市",
    "130000": "河北省",
    "140000": "山西省",
    "150000": "内蒙古自治区",
    "210000": "辽宁省",
    "220000": "吉林省",
    "230000": "黑龙江省",
    "330000": "浙江省",
    "340000": "安徽省",
    "350000": "福建省",
    "360000": "江西省",
    "370000": "山东省",
    "410000": "河南省",
    "420000": "湖北省",
    "430000": "湖南省",
    "440000": "广东省",
    "450000": "广西壮族自治区",
    "460000": "海南省",
    "500000": "重庆市",
    "510000": "四川省",
    "520000": "贵州省",
    "530000": "云南省",
    "610000": "陕西省",
    "620000": "甘肃省",
    "630000": "青海省",
    "640000": "宁夏回族自治区",
    "650000": "新疆维吾尔自治区",
}
YEARS_APART = 12
FIRST_YEAR = 1950


@dataclass(frozen=True)
class Place:
    """Where a case happens: its number decides region, years and the size of all figures."""

    number: int

    @property
    def region(self) -> str:
        return list(PROVINCES)[self.number % len(PROVINCES)]

    @property
    def year(self) -> int:
        return FIRST_YEAR + YEARS_APART * (self.number // len(PROVINCES))

    @property
    def size(self) -> float:
        return 0.5 + (self.number * 0.6180339887) % 0.5

    @property
    def park(self) -> str:
        return f"P{self.number:04d}"


@dataclass
class Table:
    """A table as printed, with the sidecar's layout and where its values stand."""

    dataset: str
    rows: list[list[str]]
    layout: dict[str, Any]
    edition: int
    encoding: str = "utf-8"
    sidecar: dict[str, Any] = field(default_factory=dict)
    other_sheets: list[tuple[str, bool, list[list[str]]]] = field(default_factory=list)
    # by row and column: a number format, and what an .ods prints in place of the number
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    printed: dict[tuple[int, int], str] = field(default_factory=dict)
    is_in_words: bool = False

    def copy(self) -> Table:
        return copy.deepcopy(self)

    @property
    def data_starts(self) -> int:
        return self.layout["first_data_row"]

    @property
    def value_columns(self) -> list[int]:
        """The columns of values; [0] for a list, of which a row is one thing."""
        if self.layout["kind"] == "records":
            return [0]
        labels = {*self.layout["row_labels"], self.layout.get("unit_column")}
        width = len(self.rows[self.data_starts - 2])
        return [column for column in range(1, width + 1) if column not in labels]

    def at(self, row: int, column: int) -> str:
        line = self.rows[row - 1]
        return line[column - 1] if column <= len(line) else ""

    def put(self, row: int, column: int, text: str) -> None:
        self.rows[row - 1][column - 1] = text

    def scale(self, row: int, column: int, factor: str) -> None:
        self.put(row, column, _text(Decimal(self.at(row, column)) * Decimal(factor)))


def _text(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _figure(row: int, column: int, size: float, growth: int) -> Decimal:
    """A figure unlike its neighbours, of the same size in every edition."""
    step = (row * 7 + column * 5) % 11
    value = 40 * 10 ** (step / 5) * (1 + 0.01 * ((row * 13 + column * 29) % 17)) * size
    return Decimal(str(round(value * 1.03**growth, 2)))


# --- matrices ------------------------------------------------------------------------------------

FUELS = ["原煤", "洗精煤", "焦炭", "汽油", "煤油", "柴油", "燃料油", "液化石油气", "热力", "电力"]
FUEL_UNITS = [*["万吨"] * 8, "万百万千焦", "亿千瓦时"]
SECTORS = [
    "Coal Mining and Dressing",
    "Food Processing",
    "Textile Industry",
    "Papermaking and Paper Products",
    "Raw Chemical Materials and Chemical Products",
    "Chemical Fiber",
    "Nonmetal Mineral Products",
    "Smelting and Pressing of Ferrous Metals",
    "Metal Products",
    "Ordinary Machinery",
    "Construction",
    "Other",
    "Urban",
    "Rural",
]


def fuel_use(place: Place, edition: int = 0) -> Table:
    """Fuels down, units in a column, five years across: rows 2 to 11, columns 3 to 7."""
    years = [place.year + edition + n for n in range(5)]
    rows = [["能源品种 Fuel", "单位 Unit", *map(str, years)]]
    for row, (fuel, unit) in enumerate(zip(FUELS, FUEL_UNITS, strict=True)):
        figures = [_text(_figure(row, 0, place.size, edition + n)) for n in range(5)]
        rows.append([fuel, unit, *figures])
    layout = {
        "kind": "matrix",
        "header_rows": 1,
        "first_data_row": 2,
        "row_labels": {1: "fuel"},
        "unit_column": 2,
        "column_labels": "year",
        "constants": {"region": place.region, "item": "规模以上工业能源消费量"},
        "missing_marks": {"": "not_available", "…": "below_unit", "-": "zero"},
    }
    return Table("jiangsu_yearbook_industrial_fuel_use", rows, layout, years[-1] + 1)


def balance(place: Place, edition: int = 0, region: str = "", factor: int = 1) -> Table:
    """A balance of one year: units in row 2, total in row 3, sectors in rows 4 to 17.

    Transformation follows in rows 18 (total) to 20, columns 2 to 11 are fuels.
    """
    weights = ["1", "0.2", "0.6", "0.1", "0.1", "0.2", "0.1", "0.1", "20", "0.5"]

    def figure(row: int, column: int) -> Decimal:
        value = _figure(row, column, place.size, edition) * Decimal(weights[column]) * factor
        return value.quantize(Decimal("0.01"))

    sectors = [[figure(r, c) for c in range(len(FUELS))] for r in range(len(SECTORS))]
    power = [figure(30, c) for c in range(len(FUELS))]
    heating = [figure(31, c) for c in range(len(FUELS))]
    power[FUELS.index("电力")] *= -1  # what a plant makes is an output
    heating[FUELS.index("热力")] *= -1
    totals = [sum(column) for column in zip(*sectors, strict=True)]
    lines = [
        ["Total Final Consumption", *totals],
        *([name, *line] for name, line in zip(SECTORS, sectors, strict=True)),
        ["Inputs(+) outputs(-)", *(a + b for a, b in zip(power, heating, strict=True))],
        ["Thermal Power", *power],
        ["Heating Supply", *heating],
    ]
    year = place.year + edition
    layout = {
        "kind": "matrix",
        "header_rows": 1,
        "unit_row": 2,
        "first_data_row": 3,
        "row_labels": {1: "item"},
        "column_labels": "fuel",
        "transformation_inputs": "positive",  # in whatever words the heading is printed
        "constants": {"region": region or place.region, "year": str(year)},
    }
    rows = [["项目 Item", *FUELS], ["单位 Unit", *FUEL_UNITS]]
    rows += [[line[0], *map(_text, line[1:])] for line in lines]
    return Table("energy_yearbook_energy_balance", rows, layout, year + 1)


def chinese(table: Table) -> Table:
    """The same balance with the Chinese label of every item."""
    tables = (("balance_item_aliases", "balance_item"), ("industry_aliases", "industry_code"))
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, column in tables:
        for row in read_rows(f"mappings/{name}.csv"):
            codes.setdefault(row["alias"], row[column])
            if not row["alias"].isascii():
                names.setdefault(row[column], row["alias"])
    printed = table.copy()
    for row in printed.rows[2:]:
        row[0] = names[codes[row[0]]]
    return printed


def captioned_balance(place: Place, edition: int = 0, caption: str = "") -> Table:
    """A balance with a title above it: all of it two rows lower."""
    table = balance(place, edition)
    year = place.year + edition
    title = caption or f"{PROVINCES[place.region]}能源平衡表（{year}年）"
    blank = [""] * len(FUELS)
    table.rows[:0] = [[title, *blank], [f"中国能源统计年鉴{year + 1}", *blank]]
    table.layout |= {"header_rows": 3, "unit_row": 4, "first_data_row": 5}
    return table


GDP = ["地区生产总值", "第一产业", "第二产业", "第三产业"]


def regional_product(place: Place, edition: int = 0) -> Table:
    """Years down (rows 2 to 6), product and its three parts across (columns 2 to 5)."""
    years = [place.year + edition + n for n in range(5)]
    rows = [["年份", *GDP]]
    for n, year in enumerate(years):
        parts = [_figure(40, c, place.size, edition + n) for c in (1, 2, 3)]
        rows.append([str(year), _text(sum(parts)), *map(_text, parts)])
    layout = {
        "kind": "matrix",
        "header_rows": 1,
        "first_data_row": 2,
        "row_labels": {1: "year"},
        "column_labels": "indicator",
        "unit": "亿元",
        "constants": {"region": place.region},
        "totals": [{"concept": "indicator", "total": GDP[0], "parts": GDP[1:]}],
    }
    return Table("china_yearbook_gdp", rows, layout, years[-1] + 1)


def captioned_product(place: Place, edition: int = 0) -> Table:
    """The same with a title above it: all of it a row lower."""
    table = regional_product(place, edition)
    table.rows.insert(0, [f"{PROVINCES[place.region]}历年地区生产总值", *[""] * len(GDP)])
    table.layout |= {"header_rows": 2, "first_data_row": 3}
    return table


CITIES = ["南京市", "无锡市", "徐州市", "常州市", "苏州市", "南通市", "连云港市", "淮安市"]


def city_electricity(place: Place, edition: int = 0) -> Table:
    """The province (row 2) and its cities (rows 3 to 10), three years across (columns 2 to 4)."""
    years = [FIRST_YEAR + 8 * (place.number % 9) + n for n in range(3)]
    cities = [[_figure(50 + r, 0, place.size, n) for n in range(3)] for r in range(len(CITIES))]
    rows = [["地区", *map(str, years)]]
    rows.append(["江苏省", *(_text(sum(column)) for column in zip(*cities, strict=True))])
    rows += [[name, *map(_text, line)] for name, line in zip(CITIES, cities, strict=True)]
    layout = {
        "kind": "matrix",
        "header_rows": 1,
        "first_data_row": 2,
        "row_labels": {1: "region"},
        "column_labels": "year",
        "unit": "亿千瓦时",
        "constants": {"item": "全社会用电量", "fuel": "电力"},
        "totals": [{"concept": "region", "total": "江苏省", "parts": CITIES}],
    }
    return Table("jiangsu_yearbook_city_electricity", rows, layout, years[-1] + 1)


# --- lists ---------------------------------------------------------------------------------------


def _records(dataset: str, rows: list[list[str]], edition: int = 2024) -> Table:
    layout = {"kind": "records", "header_rows": 1, "first_data_row": 2}
    return Table(dataset, rows, layout, edition)


FACTS = [
    "park_id",
    "year",
    "boundary",
    "price_basis",
    "gdp_10k_cny",
    "industrial_value_added_10k_cny",
    "energy_tce",
    "coal_t",
    "coal_tce",
    "coke_t",
    "natural_gas_m3",
    "electricity_mwh",
    "green_electricity_mwh",
    "co2_t",
    "employees",
    "note",
]


def park_facts(place: Place, edition: int = 0) -> Table:
    """One line a year, rows 2 to 5; see FACTS for the columns."""
    rows = [list(FACTS)]
    for n in range(4):
        size = place.size * (1 + 0.05 * n)
        figures = [5e6, 3e6, 9e5, 4e5, 2.9e5, 5e4, 3e7, 2e6, 1e5, 3e6]
        texts = [f"{figure * size:.1f}" for figure in figures]
        head = [place.park, str(2020 + n), "whole_zone", "current"]
        rows.append([*head, *texts, str(30_000 + 500 * n), "年报，已核"])
    return _records("park_returns_park_facts", rows)


ENERGY = [
    "park_id",
    "enterprise_id",
    "year",
    "month",
    "fuel_code",
    "unit",
    "purchase_quantity",
    "consumption_quantity",
    "feedstock_quantity",
    "transformation_input_quantity",
    "power_input_quantity",
    "stock_end_quantity",
    "energy_tce",
    "note",
]
# Fuel, unit, quantity, tce of a unit.
USED = [
    ("raw_coal", "吨", 40_000, 0.7143),
    ("diesel", "吨", 300, 1.4571),
    ("natural_gas", "万立方米", 200, 12.15),
    ("electricity", "兆瓦时", 9_000, 0.1229),
    ("heat", "吉焦", 50_000, 0.0341),
]


def enterprise_energy(place: Place, edition: int = 0) -> Table:
    """Two enterprises and five fuels, rows 2 to 11; see ENERGY for the columns."""
    rows = [list(ENERGY)]
    for number in (1, 2):
        for fuel, unit, quantity, factor in USED:
            used = quantity * place.size * number
            figures = [used * 1.1, used, used * 0.1, used * 0.5, used * 0.3, used * 0.1]
            texts = [f"{figure:.3f}" for figure in (*figures, used * factor)]
            head = [place.park, f"{place.park}-{number}", "2023", "", fuel, unit]
            rows.append([*head, *texts, ""])
    return _records("park_returns_enterprise_energy", rows)


def captioned_energy(place: Place, edition: int = 0) -> Table:
    """The same with a title above it, rows 3 to 12."""
    table = enterprise_energy(place, edition)
    table.rows.insert(0, ["企业能源购进、消费与库存（2023年）", *[""] * (len(ENERGY) - 1)])
    table.layout |= {"header_rows": 2, "first_data_row": 3}
    return table


def enterprises(place: Place, edition: int = 0) -> Table:
    """Four enterprises, rows 2 to 5."""
    rows = [["park_id", "enterprise_id", "name_zh", "industry_code", "is_above_size"]]
    for n, industry in enumerate(("26", "31", "44", "17"), start=1):
        name = f"第{n}“化工”有限公司"
        rows.append([place.park, f"{place.park}-{n}", name, industry, "true"])
    return _records("park_returns_enterprises", rows)


def exchange(place: Place, edition: int = 0) -> Table:
    """Electricity and heat bought and sold, rows 2 to 5; with months."""
    rows = [
        [
            "park_id",
            "enterprise_id",
            "year",
            "month",
            "carrier",
            "direction",
            "quantity",
            "unit",
            "renewable_share",
            "co2_t_per_mwh",
        ]
    ]
    for month in ("1", "2", "3", "4"):
        quantity = f"{1000 * place.size * int(month):.1f}"
        head = [place.park, f"{place.park}-1", "2023", month, "electricity", "purchased"]
        rows.append([*head, quantity, "兆瓦时", "0.3", "0.58"])
    return _records("park_returns_energy_exchange", rows)


def certificates(place: Place, edition: int = 0) -> Table:
    """Green certificates, rows 2 to 4; each of its own park."""
    header = [
        *("certificate_id", "claim_scheme", "park_id", "year", "month", "certificate_mwh"),
        *("certificate_holder", "retired_on"),
    ]
    rows = [
        [
            f"GEC-{place.park}-{n}",
            "zero_carbon_park",
            place.park,
            "2023",
            str(n),
            f"{place.size * n:.1f}",
        ]
        for n in (1, 2, 3)
    ]
    days = ("2023-02-01", "2023-05-06", "2023-12-31")
    signed = [[*row, f"{place.park}-1", day] for row, day in zip(rows, days, strict=True)]
    return _records("park_returns_certificates", [header, *signed])


# --- the same in the words of the office ---------------------------------------------------------


def years_in_words(place: Place, edition: int = 0) -> Table:
    """Years across as offices and programs write them: 2021年度, 2021.0."""
    table = fuel_use(place, edition)
    for column in (3, 4):
        table.put(1, column, f"{table.at(1, column)}年度")
    table.put(1, 5, f"{table.at(1, 5)}.0")
    return table


def enterprises_in_words(place: Place, edition: int = 0) -> Table:
    """The registry as it comes back: yes and no in every dress, an industry without its zero."""
    table = enterprises(place, edition)
    for row, answer in enumerate(("是", "TRUE", "Yes", "否"), start=2):
        table.put(row, 5, answer)
    table.put(3, 4, "6")
    table.is_in_words = True
    return table


def energy_in_words(place: Place, edition: int = 0) -> Table:
    """Form 205-1 as filed: names of fuels, a dash for nothing, 2023年, a footnote, a total."""
    table = enterprise_energy(place, edition)
    names = {row["fuel_code"]: row["name_zh"] for row in read_rows("codes/fuel_codes.csv")}
    for row in range(2, len(table.rows) + 1):
        table.put(row, ENERGY.index("fuel_code") + 1, names[table.at(row, 5)])
        table.put(row, 3, "2023年")
    table.put(2, ENERGY.index("stock_end_quantity") + 1, "-")
    table.put(3, ENERGY.index("purchase_quantity") + 1, table.at(3, 7) + "①")
    table.layout |= {"missing_marks": {"-": "zero"}, "footnote_marks": ["①"]}
    table.is_in_words = True
    return table
