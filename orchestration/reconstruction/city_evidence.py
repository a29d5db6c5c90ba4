"""What real data say of a city's CO2: two inventories, EDGAR and CEADs, that differ by up to half.

Neither is taken for the truth. A city's share of the province is the weighted geometric mean of its
shares in the two, over the years 2016-2020; its movement is the trend that both series have in
common (least squares with a level for each series). CEADs prints no city after 2019 and adds up to
more than the province, so only shares are used and a short series gives a level, no trend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from orchestration.reconstruction.inputs import CITIES, YEARS, city_co2
from orchestration.reconstruction.nearest import Array

INVENTORIES = ("edgar", "ceads")
MIDDLE = (YEARS[0] + YEARS[-1]) / 2
# A trend through two points is what the two points are off.
LEAST_YEARS_OF_A_TREND = 3
EVEN = {"edgar": 0.5, "ceads": 0.5}


@dataclass(frozen=True)
class Evidence:
    """What a run of the model may see.

    `inventories` are the weights of EDGAR and CEADs (none: no CO2 of cities is seen);
    `hidden_city` is a city whose CO2 is not seen; `facts` are the figures of the report seen.
    """

    inventories: Mapping[str, float] = field(default_factory=lambda: dict(EVEN))
    electricity: bool = True
    facts: tuple[str, ...] = ("T22-002", "T22-003")
    hidden_city: str | None = None


def log_levels(inventory: str, totals: Mapping[int, float]) -> dict[tuple[str, int], float]:
    """Logarithm of each city's CO2 over that of the province, by city and year."""
    return {
        (city, year): float(np.log(co2_t / totals[year]))
        for (city, year), co2_t in city_co2(inventory).items()
        if year in totals
    }


def co2_shares(weights: Mapping[str, float], totals: Mapping[int, float]) -> dict[int, Array]:
    """Share of each city (in the order of CITIES) in the CO2 of the province, by year."""
    series = {name: log_levels(name, totals) for name, weight in weights.items() if weight}
    level = np.zeros(len(CITIES))
    trend = np.zeros(len(CITIES))
    for number, city in enumerate(CITIES):
        points = {
            name: np.array([(year, values[city, year]) for year in YEARS if (city, year) in values])
            for name, values in series.items()
        }
        trend[number] = _common_trend(list(points.values()))
        for name, pairs in points.items():
            year, logarithm = pairs.mean(axis=0)
            level[number] += weights[name] * (logarithm + trend[number] * (MIDDLE - year))
    found = {}
    for year in YEARS:
        raised = np.exp(level + trend * (year - MIDDLE))
        found[year] = raised / raised.sum()
    return found


def _common_trend(series: list[Array]) -> float:
    """The slope that lines through several series share, each at a level of its own."""
    product = square = 0.0
    for pairs in series:
        if len(pairs) >= LEAST_YEARS_OF_A_TREND:
            years = pairs[:, 0] - pairs[:, 0].mean()
            product += float(years @ pairs[:, 1])
            square += float(years @ years)
    return product / square if square else 0.0
