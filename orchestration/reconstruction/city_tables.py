"""The city yearbook that the model writes: balances and value added below raw/city_yearbooks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from orchestration.reconstruction.city_classes import TRANSFORMATION
from orchestration.reconstruction.city_model import Panel
from orchestration.reconstruction.files import write_table
from orchestration.reconstruction.inputs import (
    CITIES,
    CITY_NAMES,
    FINAL,
    INDUSTRY_NAMES,
    Balance,
    cities_with_divisions,
    city_product,
    industrial_use_above_size,
    industrial_value_added,
    industry_of,
    is_industrial,
    net_electricity_import,
    plant_capacity,
    primary_generation,
)

# Decimals of the printed unit that are written (0.1 t): well above what solvers differ by.
STEP = Decimal("0.00001")
NOTHING = Decimal(0)

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
# Divisions whose feedstock is taken for non-energy use.
CHEMICAL = ("26", "27", "28", "29")
Shares = dict[str, float]
Cells = dict[tuple[str, str, str], Decimal]


def spread(total: Decimal, shares: Shares) -> dict[str, Decimal]:
    """The parts of a total, rounded; the largest takes what rounding leaves, so they add up."""
    parts = {city: _rounded(float(total) * share) for city, share in shares.items()}
    largest = max(shares, key=lambda city: (shares[city], city))
    parts[largest] += total - sum(parts.values())
    return parts


def _rounded(value: float) -> Decimal:
    return Decimal(float(value)).quantize(STEP, rounding=ROUND_DOWN)


def city_cells(balance: Balance, panel: Panel) -> Cells:
    """Value by city, row and fuel, with the divisions of every city."""
    cells: Cells = {}
    for (row, fuel), number in panel.cut.class_of.items():
        shares = dict(zip(CITIES, map(float, panel.shares[:, number]), strict=True))
        _put(cells, row, fuel, balance.cells[row, fuel], shares)
    for (row, fuel), parts in panel.cut.made_of.items():
        shares = dict(zip(CITIES, map(float, panel.shares @ parts), strict=True))
        _put(cells, row, fuel, balance.cells[row, fuel], shares)
    industry = {row for _, row, _ in cells if row.startswith(FINAL) and is_industrial(row)}
    for fuel in FUEL_LABELS:
        _put_non_energy_use(cells, balance, fuel, industry)
        _put_total(cells, balance, fuel)
    for fuel, total in industrial_use_above_size(balance.year).items():
        used = _shares_of_use(cells, industry | set(TRANSFORMATION), fuel)
        if total and used:
            _put(cells, "industrial_use_above_size", fuel, total, used)
    _put_net_import(cells, balance)
    return cells


def _put(cells: Cells, row: str, fuel: str, total: Decimal, shares: Shares) -> None:
    for city, part in spread(total, shares).items():
        cells[city, row, fuel] = part


def _shares_of_use(cells: Cells, rows: Collection[str], fuel: str) -> Shares | None:
    """Shares by what the cities use of a fuel in some rows, inputs only; None if nobody does."""
    use = dict.fromkeys(CITIES, 0.0)
    for (city, row, name), value in cells.items():
        if name == fuel and row in rows and value > 0:
            use[city] += float(value)
    total = sum(use.values())
    return {city: value / total for city, value in use.items()} if total else None


def _put_non_energy_use(
    cells: Cells, balance: Balance, fuel: str, industry: Collection[str]
) -> None:
    """Feedstock goes where the chemical divisions use the fuel."""
    total = balance.cells.get(("non_energy_use", fuel))
    chemical = {f"{FINAL}/{code}" for code in CHEMICAL}
    shares = _shares_of_use(cells, chemical, fuel) or _shares_of_use(cells, industry, fuel)
    if total and shares:
        _put(cells, "non_energy_use", fuel, total, shares)


def _put_total(cells: Cells, balance: Balance, fuel: str) -> None:
    """Total consumption: final use, inputs less outputs; what the print is off goes pro rata."""
    total = balance.cells.get(("total_consumption", fuel))
    if not total:
        return
    rows = {row for _, row, name in cells if name == fuel} - {"loss", "non_energy_use"}
    sums = {
        city: sum((cells.get((city, row, fuel), NOTHING) for row in rows), NOTHING)
        for city in CITIES
    }
    off = total - sum(sums.values(), NOTHING)
    size = sum((abs(value) for value in sums.values()), NOTHING)
    if not size:
        return
    parts = {city: (value + off * abs(value) / size).quantize(STEP) for city, value in sums.items()}
    largest = max(parts, key=lambda city: (abs(parts[city]), city))
    parts[largest] += total - sum(parts.values())
    for city, part in parts.items():
        cells[city, "total_consumption", fuel] = part


def _put_net_import(cells: Cells, balance: Balance) -> None:
    """Net electricity import of a city: its use and losses less what is generated in it."""
    total = net_electricity_import(balance.year)
    use = dict.fromkeys(CITIES, 0.0)
    for (city, row, fuel), value in cells.items():
        if fuel == "electricity" and (row.startswith(FINAL) or row in ("loss", "thermal_power")):
            use[city] += float(value)
    primary = _primary_generation(balance.year)
    # The balance implies a little more or less primary power than the table of generation.
    scale = (sum(use.values()) - float(total)) / sum(primary.values())
    parts = {city: _rounded(use[city] - scale * primary[city]) for city in CITIES}
    largest = max(parts, key=lambda city: (abs(parts[city]), city))
    parts[largest] += total - sum(parts.values(), NOTHING)
    for city, part in parts.items():
        cells[city, "net_electricity_import", "electricity"] = part


def _primary_generation(year: int) -> dict[str, float]:
    """Hydro, nuclear, wind and solar power of each city by its capacity, 10^8 kWh."""
    capacity = plant_capacity()
    found = dict.fromkeys(CITIES, 0.0)
    for plant, amount in primary_generation(year).items():
        whole = sum(capacity.get((city, plant), 0.0) for city in CITIES)
        for city in CITIES:
            found[city] += amount * capacity.get((city, plant), 0.0) / whole
    return found


def balance_table(cells: Cells) -> list[list[str]]:
    """The lines of a city yearbook: city, item, fuels. Divisions only where the report has them."""
    with_divisions = cities_with_divisions()
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
        line[fuel] = line.get(fuel, NOTHING) + value
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


# Files -------------------------------------------------------------------------------------------


def _said_of(year: int, dataset: str, title_zh: str, title_en: str) -> dict[str, object]:
    """What the sidecars have in common. The edition is the year described: any yearbook that
    prints the year comes out later and takes the place of the reconstruction."""
    return {
        "dataset": f"city_yearbooks_{dataset}",
        "source_id": f"greenpark_city_reconstruction_{year}",
        "title_zh": f"{title_zh}（重构）{year}",
        "title_en": f"{title_en} (reconstructed), {year}",
        "edition_year": year,
        "url_or_citation": "orchestration/reconstruction; docs/city_reconstruction.md",
    }


def write_balance(balance: Balance, panel: Panel, folder: Path) -> None:
    """The energy balances of the cities in one year."""
    labels, units = zip(*FUEL_LABELS.values(), strict=True)
    lines = balance_table(city_cells(balance, panel))
    write_table(
        folder,
        f"city_energy_{balance.year}",
        [["地区", "项目", *labels], ["", "单位", *units], *lines],
        {
            **_said_of(
                balance.year,
                "city_energy",
                "分市能源平衡与分行业消费",
                "Energy balances of the cities",
            ),
            "unit_as_printed": "as the provincial balance",
            "notes_as_printed": [
                "A model: what it is worth stands in quality.model_validation.",
                "Cities for which the report has no data by industry have only 工业.",
                "Every row adds up to the provincial balance over the cities.",
            ],
            "layout": {
                "kind": "matrix",
                "header_rows": 1,
                "unit_row": 2,
                "first_data_row": 3,
                "row_labels": {1: "region", 2: "item"},
                "column_labels": "fuel",
                "transformation_inputs": "positive",
                "constants": {"year": balance.year},
                "missing_marks": {"": "not_available"},
            },
        },
    )


def write_value_added(year: int, folder: Path) -> None:
    """Industrial value added: the province's by the secondary value added that cities print."""
    product = city_product()
    secondary = {city: product[city, year]["secondary"] for city in CITIES}
    total = Decimal(repr(industrial_value_added()[year])).quantize(Decimal("0.000001"))
    parts = spread(total, {c: value / sum(secondary.values()) for c, value in secondary.items()})
    write_table(
        folder,
        f"industrial_value_added_{year}",
        [["地区", "工业增加值"], *([CITY_NAMES[c], _text(parts[c])] for c in CITIES)],
        {
            **_said_of(
                year,
                "industrial_value_added",
                "分市工业增加值",
                "Industrial value added of the cities",
            ),
            "unit_as_printed": "亿元",
            "notes_as_printed": [
                "The province's, in proportion to the secondary value added printed by city.",
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
    )


def write_city_tables(
    balances: Mapping[int, Balance], panels: Mapping[int, Panel], folder: Path
) -> None:
    """Every year of the model."""
    for year, balance in balances.items():
        write_balance(balance, panels[year], folder)
        write_value_added(year, folder)
