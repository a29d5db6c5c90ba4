"""Write the reconstructed tables and their sidecars below `seeds/raw/city_yearbooks`.

`make reconstruct` runs it; the same inputs give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from decimal import Decimal
from pathlib import Path

import yaml

from orchestration.reconstruction import city_series, facts, panel
from orchestration.reconstruction.inputs import (
    CITIES,
    CITY_NAMES,
    FINAL,
    INDUSTRY_NAMES,
    SEEDS,
    YEARS,
    Balance,
    industrial_use_above_size,
    industrial_value_added,
    industry_of,
    is_industrial,
    net_electricity_import,
    plant_capacity,
    primary_generation,
    read_balance,
)

OUTPUT = SEEDS / "raw" / "city_yearbooks"
# Decimals of the printed unit that are written (0.1 t): well above what solvers differ by.
STEP = Decimal("0.00001")
ITEM_LABELS = {
    "thermal_power": "火力发电",
    "heating_supply": "供热",
    "coal_washing": "煤炭洗选",
    "coking": "炼焦",
    "petroleum_refining": "炼油及煤制油",
    "gas_works": "制气",
    "coke_reinput": "焦炭再投入量",
    "briquette_making": "煤制品加工",
    "gas_liquefaction": "天然气液化",
    "loss": "损失量",
    "total_consumption": "消费量合计",
    "non_energy_use": "用作原料、材料",
    "industrial_use_above_size": "规模以上工业能源消费量",
    "net_electricity_import": "净调入电量",
}
SECTOR_LABELS = {"RES_U": "城镇", "RES_R": "乡村", "IS": "其他", "36-37": "交通运输设备制造业"}
FUEL_LABELS = {
    "raw_coal": ("原煤", "万吨"),
    "cleaned_coal": ("洗精煤", "万吨"),
    "other_washed_coal": ("其他洗煤", "万吨"),
    "briquettes": ("型煤", "万吨"),
    "coke": ("焦炭", "万吨"),
    "coke_oven_gas": ("焦炉煤气", "亿立方米"),
    "other_gas": ("其他煤气", "亿立方米"),
    "other_coking_products": ("其他焦化产品", "万吨"),
    "crude_oil": ("原油", "万吨"),
    "gasoline": ("汽油", "万吨"),
    "kerosene": ("煤油", "万吨"),
    "diesel": ("柴油", "万吨"),
    "fuel_oil": ("燃料油", "万吨"),
    "lpg": ("液化石油气", "万吨"),
    "refinery_gas": ("炼厂干气", "万吨"),
    "other_petroleum": ("其他石油制品", "万吨"),
    "natural_gas": ("天然气", "亿立方米"),
    "heat": ("热力", "万百万千焦"),
    "electricity": ("电力", "亿千瓦时"),
    "other_energy": ("其他能源", "万吨标准煤"),
}
CHEMICAL = ("26", "27", "28", "29")
Cells = dict[tuple[str, str, str], Decimal]


def spread(total: Decimal, shares: dict[str, float]) -> dict[str, Decimal]:
    """The parts of a total, rounded; the largest takes what rounding leaves, so they add up."""
    parts = {city: _rounded(float(total) * share) for city, share in shares.items()}
    largest = max(shares, key=lambda city: (shares[city], city))
    parts[largest] += total - sum(parts.values())
    return parts


def _rounded(value: float) -> Decimal:
    return Decimal(float(value)).quantize(STEP)


def city_cells(balance: Balance, solved: panel.Panel) -> Cells:
    """Value by city, row and fuel, with the divisions of every city."""
    cells: Cells = {}

    def put(row: str, fuel: str, total: Decimal, shares: dict[str, float]) -> None:
        for city, part in spread(total, shares).items():
            cells[city, row, fuel] = part

    for (row, fuel), number in solved.class_of.items():
        shares = dict(zip(CITIES, solved.shares[:, number], strict=True))
        put(row, fuel, balance.cells[row, fuel], shares)

    def weighted(rows, fuel: str) -> dict[str, float] | None:
        """Shares by what the cities use of a fuel in some rows; inputs only."""
        use = dict.fromkeys(CITIES, 0.0)
        for (city, row, name), value in cells.items():
            if name == fuel and row in rows and value > 0:
                use[city] += float(value)
        total = sum(use.values())
        return {city: value / total for city, value in use.items()} if total else None

    finals = {row for _, row, _ in cells if row.startswith(FINAL)}
    industry = {row for row in finals if is_industrial(row)}
    inputs = industry | set(panel.TRANSFORMATION)
    for fuel in FUEL_LABELS:
        chemical = {f"{FINAL}/{code}" for code in CHEMICAL}
        total = balance.cells.get(("non_energy_use", fuel))
        if total:
            shares = weighted(chemical, fuel) or weighted(industry, fuel)
            put("non_energy_use", fuel, total, shares)
        total = balance.cells.get(("total_consumption", fuel))
        if total:
            _put_total(cells, balance, fuel, total)
    for fuel, total in industrial_use_above_size(balance.year).items():
        if total:
            shares = weighted(inputs, fuel)
            put("industrial_use_above_size", fuel, total, shares)
    _put_net_import(cells, balance)
    return cells


def _put_total(cells: Cells, balance: Balance, fuel: str, total: Decimal) -> None:
    """Total consumption: final use, inputs less outputs; what the print is off goes pro rata."""
    rows = {row for _, row, name in cells if name == fuel} - {"loss", "non_energy_use"}
    sums = {
        city: sum((cells.get((city, row, fuel), Decimal(0)) for row in rows), Decimal(0))
        for city in CITIES
    }
    off = total - sum(sums.values())
    size = sum(abs(value) for value in sums.values())
    if not size:
        return
    parts = {city: (value + off * abs(value) / size).quantize(STEP) for city, value in sums.items()}
    largest = max(parts, key=lambda city: (abs(parts[city]), city))
    parts[largest] += total - sum(parts.values())
    for city, part in parts.items():
        cells[city, "total_consumption", fuel] = part


def _put_net_import(cells: Cells, balance: Balance) -> None:
    """Net electricity import of a city: its use and losses less what is generated in it."""
    capacity = plant_capacity()
    total = net_electricity_import(balance.year)
    use = dict.fromkeys(CITIES, 0.0)
    for (city, row, fuel), value in cells.items():
        if fuel == "electricity" and (row.startswith(FINAL) or row in ("loss", "thermal_power")):
            use[city] += float(value)
    generated = primary_generation(balance.year)
    primary = {
        city: sum(
            amount
            * capacity.get((city, plant), 0.0)
            / sum(capacity.get((other, plant), 0.0) for other in CITIES)
            for plant, amount in generated.items()
        )
        for city in CITIES
    }
    # The balance implies a little more or less primary power than the table of generation.
    scale = (sum(use.values()) - float(total)) / sum(primary.values())
    parts = {city: _rounded(use[city] - scale * primary[city]) for city in CITIES}
    largest = max(parts, key=lambda city: (abs(parts[city]), city))
    parts[largest] += total - sum(parts.values())
    for city, part in parts.items():
        cells[city, "net_electricity_import", "electricity"] = part


def table(cells: Cells) -> list[list[str]]:
    """The lines of a city yearbook: city, item, fuels. Divisions only where the report has them."""
    with_divisions = set(facts.key_industries())
    lines: dict[tuple[str, str], dict[str, Decimal]] = {}
    for (city, row, fuel), value in cells.items():
        code = industry_of(row)
        if code is None:
            label = ITEM_LABELS[row]
        elif is_industrial(row) and city not in with_divisions:
            label = "工业"
        else:
            label = SECTOR_LABELS.get(code) or INDUSTRY_NAMES[code]
        line = lines.setdefault((city, label), {})
        line[fuel] = line.get(fuel, Decimal(0)) + value
    order = list(dict.fromkeys(label for _, label in lines))
    return [
        [CITY_NAMES[city], label, *(_text(lines[city, label].get(fuel)) for fuel in FUEL_LABELS)]
        for city in CITIES
        for label in order
        if (city, label) in lines
    ]


def _text(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write(name: str, lines: list[list[str]], sidecar: dict, folder: Path) -> None:
    """One table and its sidecar."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    data = text.getvalue().encode("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_bytes(data)
    sidecar = sidecar | {"sha256": hashlib.sha256(data).hexdigest()}
    order = (
        *("dataset", "source_id", "publisher", "title_zh", "title_en", "edition_year"),
        *("table_number", "unit_as_printed", "notes_as_printed", "encoding", "sha256"),
        *("licence", "origin", "url_or_citation", "layout"),
    )
    (folder / f"{name}.yml").write_text(
        yaml.safe_dump(
            {key: sidecar[key] for key in order}, allow_unicode=True, sort_keys=False, width=1000
        ),
        encoding="utf-8",
    )


def common(year: int) -> dict:
    """What every sidecar says. The edition is the year described: any yearbook that prints the
    year comes out later and takes the place of the reconstruction."""
    return {
        "source_id": f"greenpark_city_reconstruction_{year}",
        "publisher": "greenpark",
        "edition_year": year,
        "table_number": None,
        "encoding": "utf-8",
        "licence": "Apache-2.0",
        "origin": "reconstructed",
        "url_or_citation": "seeds/reconstruction; docs/city_reconstruction.md",
    }


def main(folder: Path = OUTPUT) -> None:
    """Reconstruct every year and write the tables into `folder`."""
    balances = {year: read_balance(year) for year in YEARS}
    series = city_series.build(balances)
    start: dict[str, float] = {}
    for number, year in reversed(list(enumerate(YEARS))):
        solved = panel.solve(
            balances[year],
            series.energy[:, number],
            series.co2[:, number],
            series.value_added[:, number],
            start,
        )
        start = solved.multipliers
        lines = table(city_cells(balances[year], solved))
        labels, units = zip(*FUEL_LABELS.values(), strict=True)
        write(
            f"city_energy_{year}",
            [["地区", "项目", *labels], ["", "单位", *units], *lines],
            common(year)
            | {
                "dataset": "city_yearbooks_city_energy",
                "title_zh": f"江苏分市能源平衡与分行业消费（重构）{year}",
                "title_en": f"Energy balances of the cities of Jiangsu (reconstructed), {year}",
                "unit_as_printed": "as the provincial balance",
                "notes_as_printed": [
                    "Reconstructed: for running and testing the system, no statement about a city.",
                    "Xuzhou, Changzhou, Huai'an and Taizhou have no divisions, only 工业.",
                    "Every row adds up to the provincial balance over the 13 cities.",
                ],
                "layout": {
                    "kind": "matrix",
                    "header_rows": 1,
                    "unit_row": 2,
                    "first_data_row": 3,
                    "row_labels": {1: "region", 2: "item"},
                    "column_labels": "fuel",
                    "transformation_inputs": "positive",
                    "constants": {"year": year},
                    "missing_marks": {"": "not_available"},
                },
            },
            folder,
        )
        added = dict(zip(CITIES, series.value_added[:, number], strict=True))
        total = Decimal(repr(industrial_value_added()[year])).quantize(Decimal("0.000001"))
        parts = spread(total, {city: value / sum(added.values()) for city, value in added.items()})
        write(
            f"industrial_value_added_{year}",
            [["地区", "工业增加值"], *([CITY_NAMES[c], _text(parts[c])] for c in CITIES)],
            common(year)
            | {
                "dataset": "city_yearbooks_industrial_value_added",
                "title_zh": f"江苏分市工业增加值（重构）{year}",
                "title_en": f"Industrial value added, cities of Jiangsu (reconstructed), {year}",
                "unit_as_printed": "亿元",
                "notes_as_printed": [
                    "Reconstructed: for running and testing the system, no statement about a city.",
                    "当年价格 (current prices); adds up to the province as first published.",
                ],
                "layout": {
                    "kind": "matrix",
                    "header_rows": 1,
                    "first_data_row": 2,
                    "row_labels": {1: "region"},
                    "column_labels": "indicator",
                    "unit": "亿元",
                    "constants": {"year": year},
                    "missing_marks": {"": "not_available"},
                },
            },
            folder,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT)
