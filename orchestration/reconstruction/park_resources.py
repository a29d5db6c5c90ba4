"""Land, water, waste and air pollutants of the sample parks: assumptions, none of it is printed.

Land and water follow value added by the leading industries of a park (`resource_profiles.csv`), air
pollutants the coal and gas that its industry burns (`fuel_pollutants.csv`) and value added (VOCs),
solid waste the ash of that coal and value added.
Nothing is fitted: no figure of a report says what they should be.
"""

from __future__ import annotations

from collections.abc import Iterable

from orchestration.reconstruction.files import Row
from orchestration.reconstruction.park_energy import Book
from orchestration.reconstruction.park_facts import LAST, YEARS, Park, coal_of, rows_of

BOUNDARY = "above_size_industry"
LEADING = 3  # industries of a park that its profile is the mean of
LAND_GROWTH = 0.02  # a year
WATER_SAVED = 0.05  # a year, by value added
WASTE_WATER = 0.7  # of fresh water
ASH = 0.25  # t of ash, slag and gypsum of a t of coal
OTHER_WASTE = 0.02  # t by 10^4 CNY of value added
WASTE_USED, WASTE_DISPOSED = 0.85, 0.1  # of what arises; the rest is stored
HAZARDOUS = 0.03  # of what arises by value added; half of it used


def profile_of(park: Park) -> dict[str, float]:
    """The mean of the rows of the leading industries."""
    rows = {row["industry_code"]: row for row in rows_of("resource_profiles")}
    codes = park.row["leading_industries"].split("|")[:LEADING]
    chosen = [rows.get(code, rows["other"]) for code in codes]
    names = [name for name in rows["other"] if name not in ("industry_code", "confidence")]
    return {name: sum(float(row[name]) for row in chosen) / len(chosen) for name in names}


def land_rows(books: list[Book]) -> Iterable[Row]:
    yield ["park_id", "year", "built_area_ha", "industrial_area_ha"]
    for book in books:
        needed = book.park.facts[LAST]["above"] / profile_of(book.park)["va_10k_cny_per_ha"]
        for year in book.park.years:
            industry = needed / (1 + LAND_GROWTH) ** (LAST - year)
            yield [book.park.park_id, year, round(industry / 0.6, 1), round(industry, 1)]


def water_rows(books: list[Book]) -> Iterable[Row]:
    yield [
        "park_id", "year", "boundary", "fresh_water_m3", "industrial_fresh_water_m3",
        "reused_water_m3", "wastewater_m3",
    ]  # fmt: skip
    for book in books:
        profile = profile_of(book.park)
        for year in book.park.years:
            by_value = profile["fresh_water_m3_per_10k_cny"] / (1 - WATER_SAVED) ** (LAST - year)
            fresh = round(book.park.facts[year]["above"] * by_value)
            reused = round(fresh * profile["reuse_share"] / (1 - profile["reuse_share"]))
            yield [
                book.park.park_id, year, BOUNDARY, fresh, fresh, reused, round(fresh * WASTE_WATER),
            ]  # fmt: skip


def waste_rows(books: list[Book]) -> Iterable[Row]:
    yield [
        "park_id", "year", "boundary", "waste_kind", "waste_generated_t", "waste_used_t",
        "waste_disposed_t", "waste_stored_t",
    ]  # fmt: skip
    for book in books:
        for year in book.park.years:
            by_value = book.park.facts[year]["above"] * OTHER_WASTE
            general = round(sum(coal_of(book.park, year)) * ASH + by_value * (1 - HAZARDOUS))
            hazardous = round(by_value * HAZARDOUS)
            used, disposed = round(general * WASTE_USED), round(general * WASTE_DISPOSED)
            half = round(hazardous / 2)
            yield [
                book.park.park_id, year, BOUNDARY, "general_industrial", general, used, disposed,
                general - used - disposed,
            ]  # fmt: skip
            yield [
                book.park.park_id, year, BOUNDARY, "hazardous", hazardous, half,
                hazardous - half, 0,
            ]  # fmt: skip


def pollutant_rows(books: list[Book]) -> Iterable[Row]:
    yield ["park_id", "year", "boundary", "pollutant", "emission_t"]
    factors = rows_of("fuel_pollutants")
    for book in books:
        vocs = profile_of(book.park)["vocs_kg_per_10k_cny"]
        for year in book.park.years:
            burnt = {
                "t of coal": sum(coal_of(book.park, year)),
                "1000 m3 of natural gas": book.total(year, "natural_gas", "consumption") / 1000,
            }
            kg = dict.fromkeys([*(row["pollutant"] for row in factors), "vocs"], 0.0)
            for row in factors:
                kg[row["pollutant"]] += burnt[row["per"]] * _between(row, year)
            kg["vocs"] = book.park.facts[year]["above"] * vocs
            for pollutant, amount in sorted(kg.items()):
                yield [book.park.park_id, year, BOUNDARY, pollutant, round(amount / 1000, 1)]


def _between(row: dict[str, str], year: int) -> float:
    """The factor of a year: a straight line from the first to the last."""
    first, last = float(row["kg_2016"]), float(row["kg_2020"])
    return first + (last - first) * (year - YEARS[0]) / (LAST - YEARS[0])
