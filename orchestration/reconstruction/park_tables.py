"""The returns of the sample parks as files: registry, enterprises, energy, facts, plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from orchestration.reconstruction import park_judged, park_resources
from orchestration.reconstruction.city_model import Panel
from orchestration.reconstruction.files import Row, write_table
from orchestration.reconstruction.park_energy import Book
from orchestration.reconstruction.park_facts import (
    CASES,
    LAST,
    TEN_THOUSAND,
    YEARS,
    Park,
    coal_of,
    published,
)

EDITION = 2023
SOURCE_ID = "park_panel_reconstruction"
UNIT_LABELS = {"t": "t", "m3": "m3", "mwh": "MWh", "gj": "GJ", "tce": "tce"}
# What the yearly facts state beside coal and coke.
STATED_FUELS = ("natural_gas", "electricity", "heat")
CASE_B_2021 = {"gdp": 612.0, "output": 1510.0}
MEASURES_OF = {
    "photovoltaic": [n for n in range(1, 34) if n not in (11, 12, 30, 31, 32)],
    "water_source_heat_pump": [19, 21],
    "wind_power": [1, 21, 27],
    "biomass": [8, 17, 22, 30],
    "energy_mix_locked": [3, 5, 8, 9, 10, 14, 20, 22, 24],
    "renewable_potential_limited": [2, 4, 6, 7, 13, 26],
    "industrial_land_near_saturation": [2, 4, 6, 13, 15, 25, 26, 27, 28, 33],
    "top_policy_document": [2, 4, 19, 25, 26],
    "carbon_dual_control": [2, 3, 26],
    "efficiency_retrofit": list(range(1, 24)),
}
EXTRA_MEASURES = (
    (19, "coal_to_electricity", "2017年规上工业企业基本完成煤炭替代"),
    (19, "green_power_purchase", ""),
    (2, "trigeneration", "热电厂、两个能源中心与光伏互补"),
    (2, "multi_energy", ""),
    (3, "carbon_trading", ""),
    (5, "carbon_trading", ""),
    (10, "carbon_trading", ""),
    (8, "carbon_capture", ""),
    (4, "full_electrification", ""),
    (13, "purchased_steam", ""),
    (22, "central_heating", ""),
    (24, "central_heating", ""),
)
# Peak year and rise of the peak over 2020; six parks have no plan.
PEAK_PLANS = {
    19: (2024, 0.04),
    2: (2025, 0.08),
    25: (2025, 0.06),
    26: (2025, 0.11),
    22: (2025, 0.03),
    13: (2027, 0.12),
    3: (2028, 0.219),
    15: (2028, 0.320158),
    5: (2028, 0.09),
    17: (2028, 0.62),
    9: (2029, 0.81),
    14: (2029, 1.08),
    6: (2029, 0.16),
    4: (2029, 0.14),
    7: (2029, 0.21),
    28: (2029, 0.36),
    11: (2029, 0.41),
    23: (2029, 0.18),
    10: (2030, 0.15),
    20: (2030, 0.92),
    8: (2030, 1.25),
    24: (2030, 0.19),
    16: (2030, 0.55),
    18: (2030, 0.58),
    21: (2030, 0.29),
    27: (2030, 0.22),
    1: (2030, 0.68),
}


def park_rows(parks: list[Park]) -> Iterable[Row]:
    yield [
        "park_id", "name_zh", "name_en", "level", "region_code", "park_type", "is_sample", "is_key",
        "report_label", *(f"leading_industry_code_{n}" for n in range(1, 6)),
        "has_energy_infrastructure", "energy_infrastructure", "returns_boundary", "note",
    ]  # fmt: skip
    case_of = {number: letter for letter, number in CASES.items()}
    for park in parks:
        row = park.row
        leading = [*row["leading_industries"].split("|"), "", "", "", "", ""][:5]
        kind = {"central": "cogeneration", "none": ""}.get(
            row["infrastructure"], row["infrastructure"]
        )
        letter = case_of.get(park.number)
        yield [
            park.park_id,
            f"样本园区{park.number}（匿名）", f"Sample park {park.number} (anonymous)",
            row["level"], row["region_code"], row["park_type"], "true", row["is_key"],
            f"园区{park.number}", *leading, str(bool(kind)).lower(), kind, "whole_zone",
            f"重构时取作案例{letter}园区" if letter else "",
        ]  # fmt: skip


def enterprise_rows(books: list[Book]) -> Iterable[Row]:
    yield [
        "park_id", "enterprise_id", "name_zh", "industry_code", "is_above_size", "is_aggregate",
        "has_captive_power_plant",
    ]  # fmt: skip
    for book in books:
        plants = {
            unit for (unit, _, fuel), row in book.rows.items()
            if fuel == "electricity" and row["output"] and book.units[unit][1] != "44"
        }  # fmt: skip
        for unit, (name, industry, is_aggregate) in sorted(book.units.items()):
            yield [
                book.park.park_id, unit, name, industry, str(not is_aggregate).lower(),
                str(is_aggregate).lower(), "true" if unit in plants else "",
            ]  # fmt: skip


def energy_rows(books: list[Book], year: int) -> Iterable[Row]:
    names = ("purchase", "consumption", "feedstock", "input", "power_input", "heat_input", "output")
    yield [
        "park_id", "enterprise_id", "year", "fuel_code", "unit", "purchase_quantity",
        "consumption_quantity", "feedstock_quantity", "transformation_input_quantity",
        "power_input_quantity", "heat_input_quantity", "transformation_output_quantity",
        "sales_quantity",
    ]  # fmt: skip
    for book in books:
        for (unit, row_year, fuel), row in sorted(book.rows.items()):
            if row_year != year or not (row["consumption"] or row["output"]):
                continue
            if fuel not in ("electricity", "heat"):
                row["purchase"] = row["consumption"]
            quantities = [row[name] or "" for name in (*names, "sales")]
            unit_label = UNIT_LABELS[book.factors.unit[fuel]]
            yield [book.park.park_id, unit, year, fuel, unit_label, *quantities]


def fact_rows(books: list[Book]) -> Iterable[Row]:
    yield [
        "park_id", "year", "boundary", "price_basis", "gdp_10k_cny",
        "industrial_value_added_10k_cny", "industrial_output_10k_cny", "two_high_output_10k_cny",
        "energy_tce", "tce_convention", "coal_t", "coal_tce", "coke_t", "natural_gas_m3",
        "electricity_mwh", "heat_gj",
    ]  # fmt: skip
    for book in books:
        park, tce = book.park, book.factors.tce
        for year in park.years:
            facts = park.facts[year]
            raw, cleaned = coal_of(park, year)
            yield [
                park.park_id, year, "whole_zone", "current", facts["gdp"], facts["industry"],
                *[""] * 7, *(book.total(year, fuel, "consumption", True) for fuel in STATED_FUELS),
            ]  # fmt: skip
            yield [
                park.park_id, year, "above_size_industry", "current", "", facts["above"],
                facts["output"], facts["two_high"], round(book.net_energy_tce(year)), "calorific",
                raw + cleaned, round(raw * tce["raw_coal"] + cleaned * tce["cleaned_coal"]),
                book.total(year, "coke", "consumption"),
                *(book.total(year, fuel, "consumption") for fuel in STATED_FUELS),
            ]  # fmt: skip
        if park.number == CASES["B"]:
            yield [
                park.park_id, LAST + 1, "whole_zone", "current",
                round(CASE_B_2021["gdp"] * TEN_THOUSAND), *[""] * 11,
            ]  # fmt: skip
            yield [
                park.park_id, LAST + 1, "above_size_industry", "current", "", "",
                round(CASE_B_2021["output"] * TEN_THOUSAND), *[""] * 9,
            ]  # fmt: skip


def measure_rows(parks: list[Park]) -> Iterable[Row]:
    yield ["park_id", "measure", "year", "adopted", "detail"]
    for measure, adopters in MEASURES_OF.items():
        # Retrofits are those the 14th five-year plan of the park provides for.
        year = LAST + 1 if measure == "efficiency_retrofit" else LAST
        for park in parks:
            yield [park.park_id, measure, year, str(park.number in adopters).lower(), ""]
    for number, measure, detail in EXTRA_MEASURES:
        yield [f"P{number:02d}", measure, LAST, "true", detail]


def plan_rows(parks: list[Park]) -> Iterable[Row]:
    yield [
        "park_id", "has_plan", "plan_year", "boundary", "peak_year", "peak_co2_t", "base_year",
        "base_co2_t", "co2_scope",
    ]  # fmt: skip
    for park in parks:
        if park.number not in PEAK_PLANS:
            yield [park.park_id, "false", "", "", "", "", "", "", ""]
            continue
        year, rise = PEAK_PLANS[park.number]
        base = round(park.co2_t)
        peak_co2_t: float = round(base * (1 + rise))
        if park.number in CASES.values():
            (peak_co2_t,) = published("TB41-008" if park.number == CASES["A"] else "TB41-017")
        yield [
            park.park_id, "true", LAST + 1, "whole_zone", year, round(peak_co2_t), LAST, base,
            "direct_and_indirect",
        ]  # fmt: skip


TITLES = {
    "parks": ("样本园区登记表（重构）", "Registry of the sample parks (reconstructed)"),
    "enterprises": (
        "样本园区企业登记表（重构）",
        "Enterprises of the sample parks (reconstructed)",
    ),
    "enterprise_energy": (
        "样本园区企业能源消费{year}（重构）",
        "Energy of the enterprises of the sample parks, {year} (reconstructed)",
    ),
    "park_facts": ("样本园区年报（重构）", "Yearly facts of the sample parks (reconstructed)"),
    "measures": ("样本园区措施表（重构）", "Measures of the sample parks (reconstructed)"),
    "land": ("样本园区土地利用表（重构）", "Land of the sample parks (reconstructed)"),
    "water": ("样本园区用水表（重构）", "Water of the sample parks (reconstructed)"),
    "waste": (
        "样本园区固体废物表（重构）",
        "Solid waste of the sample parks (reconstructed)",
    ),
    "pollutants": (
        "样本园区污染物排放表（重构）",
        "Air pollutants of the sample parks (reconstructed)",
    ),
    "peak_plans": (
        "样本园区达峰计划表（重构）",
        "Peaking plans of the sample parks (reconstructed)",
    ),
    "path_steps": (
        "样本园区零碳路径表（重构）",
        "Paths of the sample parks (reconstructed)",
    ),
    "allowances": (
        "样本园区企业碳配额表（重构）",
        "Emission allowances of enterprises of the sample parks (reconstructed)",
    ),
}


def write(folder: Path, thing: str, rows: Iterable[Row], year: int | None = None) -> None:
    """One CSV file with its sidecar."""
    zh, en = (title.format(year=year) for title in TITLES[thing])
    write_table(
        folder,
        f"sample_{thing}" if year is None else f"sample_{thing}_{year}",
        rows,
        {
            "dataset": f"park_returns_{thing}",
            "source_id": SOURCE_ID,
            "title_zh": zh,
            "title_en": en,
            "edition_year": EDITION,
            "table_number": "none",
            "unit_as_printed": "own column",
            "notes_as_printed": ["anonymous parks; built to fit the aggregates of the 2023 report"],
            "url_or_citation": "docs/park_reconstruction.md",
            "layout": {"kind": "records", "header_rows": 1, "first_data_row": 2},
        },
    )


def write_park_tables(parks: list[Park], books: list[Book], folder: Path) -> None:
    """All returns of all parks."""
    write(folder, "parks", park_rows(parks))
    write(folder, "enterprises", enterprise_rows(books))
    for year in YEARS:
        write(folder, "enterprise_energy", energy_rows(books, year), year)
    write(folder, "park_facts", fact_rows(books))
    write(folder, "measures", measure_rows(parks))
    write(folder, "peak_plans", plan_rows(parks))
    write(folder, "land", park_resources.land_rows(books))
    write(folder, "water", park_resources.water_rows(books))
    write(folder, "waste", park_resources.waste_rows(books))
    write(folder, "pollutants", park_resources.pollutant_rows(books))
    write(folder, "path_steps", park_judged.path_rows(parks))
    write(folder, "allowances", park_judged.allowance_rows(books))


def write_budgets(panels: Mapping[int, Panel], folder: Path) -> None:
    """Carbon budgets of the cities; parks and enterprises share them out."""
    write_table(
        folder,
        "sample_carbon_budgets",
        park_judged.budget_rows(panels),
        {
            "dataset": "government_bulletins_carbon_budgets",
            "source_id": SOURCE_ID,
            "title_zh": "各市碳预算表（重构）",
            "title_en": "Carbon budgets of the cities (reconstructed)",
            "edition_year": EDITION,
            "unit_as_printed": "t",
            "notes_as_printed": ["an assumption: no budget of a city is published"],
            "url_or_citation": "docs/park_reconstruction.md",
            "layout": {"kind": "records", "header_rows": 1, "first_data_row": 2},
        },
    )
