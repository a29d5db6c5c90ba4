"""What the reconstruction starts from: the raw tables of the warehouse, as shipped."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from orchestration.landing.map.labels import OPEN, known_labels
from orchestration.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"
YEARS = range(2016, 2021)
# Printed units: 10^4 t; gases 10^8 m3; heat 10^10 kJ; electricity 10^8 kWh; other energy 10^4 tce.
PRINTED_UNIT = {"t": 1e4, "m3": 1e8, "gj": 1e4, "mwh": 1e5, "tce": 1e4}
HEADINGS = (
    "total_final_consumption",
    "transformation_total",
    "loss_heading",
    "total_consumption",
    "non_energy_use",
    "bunkers_chinese_abroad",
    "bunkers_foreign_in_china",
)
FINAL = "final_consumption"


def read(path: str, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """The lines of a CSV below `seeds/`."""
    with (SEEDS / path).open(encoding=encoding, newline="") as handle:
        return list(csv.DictReader(handle))


def aliases(name: str, code: str) -> dict[str, str]:
    """Label to code of an alias table."""
    return {row["alias"]: row[code] for row in read(f"reference/mappings/{name}_aliases.csv")}


@cache
def group(group_id: str) -> tuple[str, ...]:
    """The regions that a figure of the report takes together."""
    rows = read("reference/mappings/reconciliation_groups.csv")
    return tuple(row["region_code"] for row in rows if row["group_id"] == group_id)


LEADING_CITIES = group("four_cities")
PROVINCE = next(
    row["parent_code"]
    for row in read("reference/codes/region_codes.csv")
    if row["region_code"] in LEADING_CITIES and row["year_to"] == OPEN
)
CITIES = [
    row["region_code"]
    for row in read("reference/codes/region_codes.csv")
    if row["parent_code"] == PROVINCE and row["level"] == "prefecture" and row["year_to"] == OPEN
]
CITY_NAMES = {
    row["region_code"]: row["name_zh"] for row in read("reference/codes/region_codes.csv")
}
FUELS = [row for row in read("reference/codes/fuel_codes.csv") if row["is_aggregate"] == "false"]
FUEL_GROUP = {row["fuel_code"]: row["fuel_group"] for row in FUELS}
FUEL_UNIT = {row["fuel_code"]: row["unit"] for row in FUELS}
RECOVERED = {row["fuel_code"] for row in FUELS if row["is_recovered"] == "true"}
INDUSTRIAL = {
    row["industry_code"]
    for row in read("reference/codes/industry_codes.csv")
    if row["is_industrial"] == "true"
}
INDUSTRY_NAMES = {
    row["industry_code"]: row["name_zh"] for row in read("reference/codes/industry_codes.csv")
}


@cache
def tce_per_printed_unit() -> dict[str, float]:
    """10^4 tce per printed unit, by fuel, with the coefficients the marts use."""
    return {
        row["fuel_code"]: float(row["tce_per_unit"]) * PRINTED_UNIT[row["unit"]] / 1e4
        for row in read("reference/factors/tce_factors.csv")
        if row["tce_set"] == "nbs_balance" and row["fuel_code"] in FUEL_UNIT
    }


@cache
def co2_per_printed_unit(method: str) -> dict[tuple[str, str], float]:
    """10^4 t CO2 per printed unit, by fuel and industry (empty: any), of a method's fuels."""
    labels = {row["unit_label"]: row for row in read("reference/units/unit_labels.csv")}
    return {
        (row["fuel_code"], row["industry_code"]): float(row["co2_t_per_unit"])
        / float(labels[row["unit"]]["to_unit_factor"])
        * PRINTED_UNIT[FUEL_UNIT[row["fuel_code"]]]
        / 1e4
        for row in read(f"reference/methods/{method}/co2_factors.csv")
        if row["fuel_code"] in FUEL_UNIT and row["fuel_code"] not in ("heat", "electricity")
    }


@cache
def grid_co2_per_printed_unit() -> float:
    """10^4 t CO2 per 10^8 kWh bought, as method report_2023 counts it."""
    rules = read("reference/methods/report_2023/grid_rules.csv")
    grids = read("reference/mappings/province_grids.csv")
    year = next(row["factor_year"] for row in rules if int(row["year_to"] or 9999) >= YEARS[-1])
    grid = next(row["grid_name"] for row in grids if row["region_code"] == PROVINCE)
    return next(
        float(row["co2_t_per_mwh"]) * PRINTED_UNIT["mwh"] / 1e4
        for row in read("reference/factors/grid_factors.csv")
        if (row["grid_name"], row["year"]) == (grid, year)
    )


@cache
def heat_co2_per_printed_unit() -> float:
    """10^4 t CO2 per 10^10 kJ of heat bought, as method report_2023 counts it."""
    return next(
        float(row["co2_t_per_unit"]) * PRINTED_UNIT["gj"] / 1e4
        for row in read("reference/methods/report_2023/co2_factors.csv")
        if row["fuel_code"] == "heat"
    )


@dataclass
class Balance:
    """The balance of the province in one year: value by row and fuel, in printed units.

    A row is an industry under final consumption (`final_consumption/31`) or a balance item.
    """

    year: int
    cells: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def rows(self) -> list[str]:
        return list(dict.fromkeys(row for row, _ in self.cells))

    def value(self, row: str, fuel: str) -> float:
        return float(self.cells.get((row, fuel), 0))


def industry_of(row: str) -> str | None:
    """The industry of a row of final consumption; None for other rows."""
    return row.partition("/")[2] or None


def is_industrial(row: str) -> bool:
    """Does the row belong to industry: its divisions, and the making of power and heat?"""
    return industry_of(row) in INDUSTRIAL or row in ("thermal_power", "heating_supply")


def read_balance(year: int) -> Balance:
    """The provincial balance of a year, sectors finer than GB/T 4754 added up."""
    path = SEEDS / f"raw/energy_yearbook/energy_balance_{PROVINCE}_{year}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        header, _, *lines = csv.reader(handle)
    items = aliases("balance_item", "balance_item")
    industries = aliases("industry", "industry_code")
    fuels = aliases("fuel", "fuel_code")
    balance = Balance(year)
    for label, *values in lines:
        row = items.get(label) or f"{FINAL}/{industries[label]}"
        for heading, value in zip(header[1:], values, strict=True):
            if value and Decimal(value):
                key = (row, fuels[heading])
                balance.cells[key] = balance.cells.get(key, Decimal(0)) + Decimal(value)
    return balance


def industrial_use_above_size(year: int) -> dict[str, Decimal]:
    """Table 9-5 in the latest edition that prints the year: fuel to 10^4 t."""
    fuels = aliases("fuel", "fuel_code")
    found: dict[str, Decimal] = {}
    for edition in (2018, 2025):
        for row in read(f"raw/jiangsu_yearbook/industrial_fuel_use_{edition}.csv"):
            value = row.get(str(year))
            if value:
                found[fuels[row["能源品种 Fuel"]]] = Decimal(value)
    return found


def net_electricity_import(year: int) -> Decimal:
    """Net electricity import of the province, 10^8 kWh."""
    with (SEEDS / "raw/energy_yearbook/net_electricity_import_2021.csv").open(
        encoding="utf-8", newline=""
    ) as handle:
        return Decimal(next(line[2] for line in csv.reader(handle) if line[0] == str(year)))


def primary_generation(year: int) -> dict[str, float]:
    """Hydro, nuclear, wind and solar generation of the province, 10^8 kWh, by plant fuel."""
    items = {
        "hydro": "generation_hydro",
        "nuclear": "generation_nuclear",
        "wind": "generation_wind",
        "solar": "generation_solar",
    }
    known = aliases("balance_item", "balance_item")
    path = SEEDS / "raw/energy_yearbook/electricity_generation_2023.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        lines = list(csv.reader(handle))
    columns = {known.get(label): number for number, label in enumerate(lines[0])}
    line = next(line for line in lines if line[0] == str(year))
    return {fuel: float(line[columns[item]] or 0) for fuel, item in items.items()}


@cache
def industrial_value_added() -> dict[int, float]:
    """Industrial value added of the province, 10^8 CNY, as first published.

    The edition of 2019 does not print 2018: the geometric mean of its neighbours stands in.
    """
    found = {}
    for year in YEARS:
        row = read(f"raw/china_yearbook/gdp_{year + 1}.csv")[0]
        if row.get("工业"):
            found[year] = float(row["工业"])
    for year in YEARS:
        if year not in found:
            found[year] = (found[year - 1] * found[year + 1]) ** 0.5
    return dict(sorted(found.items()))


@cache
def city_product() -> dict[tuple[str, int], dict[str, float]]:
    """GDP and its sectors of the cities as the city yearbooks print them, 10^8 CNY."""
    codes = {known.label: known.code for known in known_labels("region")}
    return {
        (codes[row["地区"]], int(row["年份"])): {
            "gdp": float(row["地区生产总值"]),
            "primary": float(row["第一产业"]),
            "secondary": float(row["第二产业"]),
            "tertiary": float(row["第三产业"]),
        }
        for row in read("raw/city_yearbooks/city_gdp.csv")
    }


@cache
def city_electricity() -> dict[tuple[str, int], float]:
    """Electricity use of the cities, 10^8 kWh; 2016 and 2017, not printed, as 2018."""
    codes = {known.label: known.code for known in known_labels("region")}
    use = {}
    for row in read("raw/jiangsu_yearbook/city_electricity_2025.csv", "gb18030"):
        for year in YEARS:
            use[codes[row["地区 Region"]], year] = float(row[str(max(year, 2018))])
    return use


@cache
def plant_capacity() -> dict[tuple[str, str], float]:
    """Capacity by city and plant fuel, MW."""
    capacity: dict[tuple[str, str], float] = {}
    for row in read("raw/wri_database/power_plants_2021.csv"):
        key = (row["region_code"], row["primary_fuel"])
        capacity[key] = capacity.get(key, 0.0) + float(row["capacity_mw"])
    return capacity


@cache
def city_co2(inventory: str) -> dict[tuple[str, int], float]:
    """CO2 of the cities by an inventory, t; years that it does not print are left out."""
    path = {
        "edgar": "raw/edgar_inventory/city_co2_2023.csv",
        "ceads": "raw/ceads_inventory/city_co2_2022.csv",
    }[inventory]
    return {
        (row["region_code"], int(row["year"])): float(row["co2_t"])
        for row in read(path)
        if row["co2_t"]
    }


@cache
def report_share(figure_id: str) -> float:
    """A share that the report prints in percent, as a fraction."""
    rows = read("report/report_2023/figures.csv")
    return next(float(row["value"]) for row in rows if row["figure_id"] == figure_id) / 100


@cache
def cities_with_divisions() -> list[str]:
    """The cities of table 2-1: where the report has data by division, the tables have them too."""
    return list(
        dict.fromkeys(
            row["region_code"]
            for row in read("report/report_2023/figures.csv")
            if row["figure_id"].startswith("TB21-")
        )
    )


@cache
def sole_places() -> dict[str, str]:
    """Divisions that stand in one city alone, by code (see the note of each row)."""
    path = Path(__file__).with_name("sole_places.csv")
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["industry_code"]: row["region_code"] for row in csv.DictReader(handle)}
