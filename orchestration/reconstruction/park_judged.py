"""What judging needs beside the accounts, of the sample: paths, allowances and carbon budgets.

Assumptions, none of it is printed and nothing is fitted: a path that takes half of the measures by
2025 and all by 2030, allowances by what plants burnt before the market, budgets of cities a little
below the CO2 of the year before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean

from orchestration.reconstruction.city_classes import report_co2
from orchestration.reconstruction.city_model import Panel
from orchestration.reconstruction.files import Row
from orchestration.reconstruction.inputs import CITIES
from orchestration.reconstruction.park_energy import Book
from orchestration.reconstruction.park_facts import LAST, YEARS, Park

PATH_ID = "sample"
# Of the default measures, the part taken at the end; together they take no entry below nothing.
PATH = {"certificates": 0.5, "direct_green_power": 1.0, "efficiency": 1.0, "waste_heat": 1.0}
PATH_YEARS = {2025: 0.5, 2030: 1.0}
POWER = "44"
MARKET_FROM = 2019  # the first year that power plants had to cover
MARKET_SIZE = 26_000  # t a year: who is in the market
ALLOWED = 0.97  # of the mean of the years before
BUDGET_FROM = 2019
BUDGET_CUT = 0.02  # below the year before


def path_rows(parks: list[Park]) -> Iterable[Row]:
    yield ["park_id", "path_id", "path_measure_id", "year", "planned_share"]
    for park in parks:
        for measure, share in PATH.items():
            for year, part in PATH_YEARS.items():
                yield [park.park_id, PATH_ID, measure, year, share * part]


def allowance_rows(books: list[Book]) -> Iterable[Row]:
    yield ["park_id", "enterprise_id", "year", "allowance_kind", "quantity_t"]
    for book in books:
        for unit, (_, industry, is_aggregate) in sorted(book.units.items()):
            if industry != POWER or is_aggregate:
                continue
            before = [book.direct_co2_t(year, unit) for year in YEARS if year < MARKET_FROM]
            for year in range(MARKET_FROM, LAST + 1):
                if book.direct_co2_t(year, unit) >= MARKET_SIZE and all(before):
                    yield [
                        book.park.park_id, unit, year, "allocation", round(fmean(before) * ALLOWED),
                    ]  # fmt: skip


def budget_rows(panels: Mapping[int, Panel]) -> Iterable[Row]:
    yield ["region_code", "year", "budget_t"]
    for year in range(BUDGET_FROM, LAST + 1):
        emitted = panels[year - 1].by_city(report_co2)
        for city, co2_10k_t in zip(CITIES, emitted, strict=True):
            yield [city, year, round(float(co2_10k_t) * (1 - BUDGET_CUT)) * 10_000]
