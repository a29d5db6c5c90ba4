"""What a city leaves to the parks in it: room by industry, growth by kind of energy.

A park is part of its city, so what its industries use and emit fits into the industries of the city
by the city model, and what is not printed of its past moves as the city does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from orchestration.reconstruction.city_classes import (
    POWER_AND_HEAT,
    POWER_DIVISION,
    Coefficient,
)
from orchestration.reconstruction.city_model import Panel
from orchestration.reconstruction.inputs import (
    CITIES,
    FUEL_GROUP,
    city_product,
    co2_per_printed_unit,
    grid_co2_per_printed_unit,
    heat_co2_per_printed_unit,
    industry_of,
    is_industrial,
    tce_per_printed_unit,
)

TEN_THOUSAND = 1e4
# Whole units are handed out: this part of the room is left for their rounding.
LEFT_FOR_ROUNDING = 0.001
# Divisions that the balance of the province adds up.
COMPOSITES = {"36": "36-37", "37": "36-37"}
GROUP_OF_CARRIER = {
    "coke": "coke",
    "feedstock": "oil",
    "oil": "oil",
    "natural_gas": "natural_gas",
    "other_energy": "other",
    "electricity": "electricity",
    "heat": "heat",
}
OUTSIDE = ("RES_U", "RES_R", "IS", "FH")


def _industry(row: str) -> str:
    return POWER_DIVISION if row in POWER_AND_HEAT else industry_of(row) or ""


def _emitted(row: str, fuel: str, value: float) -> float:
    """10^4 t CO2 of what an industry burns and buys, by the factors of the report."""
    if fuel == "electricity":
        return 0.0 if row in POWER_AND_HEAT else grid_co2_per_printed_unit()
    if fuel == "heat":
        return 0.0 if row in POWER_AND_HEAT else heat_co2_per_printed_unit()
    return co2_per_printed_unit("report_2023").get((fuel, ""), 0.0) if value > 0 else 0.0


def _used(row: str, fuel: str, value: float) -> float:
    """10^4 tce of what goes into an industry."""
    return tce_per_printed_unit()[fuel] if value > 0 else 0.0


class Room:
    """Standard coal and CO2 that the industries of the cities have, less what parks have taken."""

    def __init__(self, panels: Mapping[int, Panel]) -> None:
        self.panels = panels
        self.left: dict[tuple[int, str, str], tuple[float, float]] = {}
        for year, panel in panels.items():
            energy, co2 = (_by_industry(panel, each) for each in (_used, _emitted))
            for key, tce in energy.items():
                kept = TEN_THOUSAND * (1 - LEFT_FOR_ROUNDING)
                self.left[(year, *key)] = tce * kept, co2.get(key, 0.0) * kept

    def holds(self, year: int, city: str, industry: str, tce: float, co2: float) -> float:
        """How many units of so much energy and CO2 the industry still has room for."""
        key = (year, city, COMPOSITES.get(industry, industry))
        energy_left, co2_left = self.left.get(key, (0.0, 0.0))
        by_energy = energy_left / tce if tce else np.inf
        by_co2 = co2_left / co2 if co2 else np.inf
        return max(0.0, float(min(by_energy, by_co2)))

    def take(self, year: int, city: str, industry: str, tce: float, co2: float) -> None:
        """A park's industry takes its part."""
        key = (year, city, COMPOSITES.get(industry, industry))
        energy_left, co2_left = self.left.get(key, (0.0, 0.0))
        self.left[key] = energy_left - tce, co2_left - co2

    def growth(self, city: str, carrier: str, year: int, last: int) -> float:
        """What the industry of the city used of a kind of energy in a year, over the last year."""
        group = GROUP_OF_CARRIER[carrier]

        def used(row: str, fuel: str, value: float) -> float:
            counts = FUEL_GROUP[fuel] == group and is_industrial(row) and value > 0
            return tce_per_printed_unit()[fuel] if counts else 0.0

        return self._ratio(city, used, year, last)

    def growth_outside_industry(self, city: str, year: int, last: int) -> float:
        """The electricity of homes and services of the city in a year, over the last year."""

        def used(row: str, fuel: str, value: float) -> float:
            return float(fuel == "electricity" and industry_of(row) in OUTSIDE)

        return self._ratio(city, used, year, last)

    def _ratio(self, city: str, used: Coefficient, year: int, last: int) -> float:
        number = CITIES.index(city)
        now, then = (self.panels[each].by_city(used)[number] for each in (last, year))
        return float(then / now)


def product_growth(city: str, year: int, last: int) -> float:
    """Gross product of the city as printed in a year, over the last year."""
    product = city_product()
    return product[city, year]["gdp"] / product[city, last]["gdp"]


def _by_industry(panel: Panel, coefficient: Coefficient) -> dict[tuple[str, str], float]:
    """A quantity by city and industry."""
    measured = panel.cut.measure(coefficient)
    found: dict[tuple[str, str], float] = {}
    for number, item in enumerate(panel.cut.classes):
        industry = _industry(item.row)
        for position, city in enumerate(CITIES):
            part = float(panel.shares[position, number] * measured[number])
            found[city, industry] = found.get((city, industry), 0.0) + part
    return found
