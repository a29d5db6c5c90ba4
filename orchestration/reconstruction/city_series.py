"""The series of each city's industry 2016-2020: value added, energy by kind, CO2.

Energy of industry is what its divisions use plus the fuel for power and heat less the power and
heat made from it, in 10^4 tce; CO2 is what is emitted inside it (scope 1, factors of the report)
plus that of its net purchases of electricity and heat, in 10^4 t. Both add up to the province.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from orchestration.reconstruction import facts
from orchestration.reconstruction.inputs import (
    CITIES,
    FUEL_GROUP,
    RECOVERED,
    YEARS,
    Balance,
    city_value_added,
    co2_per_printed_unit,
    co2_weights,
    industrial_value_added,
    is_industrial,
    plant_capacity,
    tce_per_printed_unit,
)

KINDS = ("coal", "oil", "gas", "other")
KIND_OF_GROUP = {"coal": "coal", "oil": "oil", "natural_gas": "gas"}
FIRST, LAST = YEARS[0], YEARS[-1]
TO_TARGET = (facts.TARGET_YEAR - LAST) / (LAST - FIRST)
# 10^4 t CO2 per 10^8 kWh (East China grid 2012) and per 10^10 kJ (0.11 t/GJ).
GRID_CO2, HEAT_CO2 = 7.035, 0.11
# How far the trend of energy per value added stays above the planned value in 2025.
EXCESS = {"320500": 0.040, "320900": 0.150, "321300": 0.300}
OTHER_EXCESS = 0.005
LEADING_ENERGY_SHARE = 0.555
GROWTH_WEIGHT = 3.0
# No city's industry shrinks: 'growth of every city adds emissions' (section 4.1.2).
LEAST_GROWTH = 1.04
# Prior weights of kinds of energy that are known to be concentrated.
# Coal share of 2020 to 2016 where the province's proportion would let the planned mix add CO2.
COAL_RATIO = {"321100": 0.985}
OIL_TILT = {"320100": 4.0}


def kind(fuel: str) -> str:
    """Coal, oil, gas or other."""
    return KIND_OF_GROUP.get(FUEL_GROUP[fuel], "other")


@dataclass(frozen=True)
class Series:
    """City by year; `energy` also by kind. Rows follow CITIES, columns YEARS."""

    value_added: np.ndarray
    energy: np.ndarray
    co2: np.ndarray


def provincial_energy(balance: Balance) -> np.ndarray:
    """Energy of the province's industry by kind, 10^4 tce."""
    coefficients = tce_per_printed_unit()
    total = np.zeros(len(KINDS))
    for (row, fuel), value in balance.cells.items():
        if is_industrial(row) and fuel not in RECOVERED:
            total[KINDS.index(kind(fuel))] += float(value) * coefficients[fuel]
    return total


def provincial_co2(balance: Balance) -> float:
    """CO2 of the province's industry, 10^4 t."""
    factors = co2_per_printed_unit() | {"electricity": GRID_CO2, "heat": HEAT_CO2}
    return sum(
        float(value) * factors.get(fuel, 0.0)
        for (row, fuel), value in balance.cells.items()
        if is_industrial(row)
    )


def build(balances: dict[int, Balance]) -> Series:
    """The series of all cities."""
    value_added, energy_total = _value_added_and_energy(balances)
    shares = _shares(balances, energy_total)
    energy = np.empty((len(CITIES), len(YEARS), len(KINDS)))
    for number, year in enumerate(YEARS):
        weight = (number) / (len(YEARS) - 1)
        # Between the ends the cities' shares move at constant rates, then fit the year's totals.
        prior = (shares[0] * energy_total[:, [0]]) ** (1 - weight) * (
            shares[1] * energy_total[:, [1]]
        ) ** weight
        totals = provincial_energy(balances[year])
        rows = energy_total[:, 0] ** (1 - weight) * energy_total[:, 1] ** weight
        rows *= totals.sum() / rows.sum()
        energy[:, number] = (
            shares[0 if number == 0 else 1] * energy_total[:, [0 if number == 0 else 1]]
            if year in (FIRST, LAST)
            else _fit(prior, rows, totals)
        )
    return Series(value_added, energy, _co2(balances, energy))


def _value_added_and_energy(balances: dict[int, Balance]) -> tuple[np.ndarray, np.ndarray]:
    """Value added by city and year, and total energy in the first and the last year.

    The prior is the city's share of secondary value added. It is moved as little as possible
    (least squares of logarithms) so that the trends of 2016-2020 lead to what Fig 4-1 prints for
    2025 and leave every city above its planned energy intensity.
    """
    province = industrial_value_added()
    printed = city_value_added()
    prior = np.array([[printed[city, year]["secondary"] for year in YEARS] for city in CITIES])
    prior *= np.array([province[year] for year in YEARS]) / prior.sum(axis=0)
    first, last = np.log(prior[:, 0]), np.log(prior[:, -1])
    residue = facts.low_carbon_2025()
    excess = np.array([EXCESS.get(city, OTHER_EXCESS) for city in CITIES])
    count = len(CITIES)
    totals = [provincial_energy(balances[year]).sum() for year in (FIRST, LAST)]
    planned = 1 + facts.PLANNED_INTENSITY_CHANGE

    def energy(point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        start, end = np.exp(point[:count]), np.exp(point[count:])
        at_end = np.zeros(count, dtype=point.dtype)
        for city, row in residue.items():
            at_end[CITIES.index(city)] = row["intensity"] / planned * end[CITIES.index(city)]
        weights = co2_weights()
        for group, total in (
            (facts.LEADING_CITIES, LEADING_ENERGY_SHARE * totals[1]),
            (
                [c for c in CITIES if c not in facts.LEADING_CITIES and c not in residue],
                (1 - LEADING_ENERGY_SHARE) * totals[1] - at_end.sum(),
            ),
        ):
            for city in group:
                at_end[CITIES.index(city)] = (
                    total * weights[city] / sum(weights[other] for other in group)
                )
        change = (planned * (1 + excess)) ** (1 / TO_TARGET)
        return at_end / (end / start) / change, at_end

    def equations(point: np.ndarray) -> np.ndarray:
        start, end = point[:count], point[count:]
        held = [
            np.log(np.exp(start).sum() / province[FIRST]),
            np.log(np.exp(end).sum() / province[LAST]),
            np.log(energy(point)[0].sum() / totals[0]),
        ]
        for city, row in residue.items():
            number = CITIES.index(city)
            trend = end[number] + TO_TARGET * (end[number] - start[number])
            held.append(trend - np.log(row["value_added"]))
        return np.array(held)

    target = np.concatenate([first, last])
    # Distance: of both ends and, weighing more, of the growth between them.
    growth = np.hstack([-np.eye(count), np.eye(count)])
    metric = np.eye(2 * count) + GROWTH_WEIGHT * growth.T @ growth
    found = minimize(
        lambda point: (point - target) @ metric @ (point - target),
        target,
        jac=lambda point: 2 * metric @ (point - target),
        method="SLSQP",
        constraints=[
            {"type": "eq", "fun": equations},
            {"type": "ineq", "fun": lambda point: growth @ point - np.log(LEAST_GROWTH)},
        ],
        options={"ftol": 1e-8, "maxiter": 200},
    )
    bound = growth @ found.x - np.log(LEAST_GROWTH) < 1e-5

    def all_equations(point: np.ndarray) -> np.ndarray:
        return np.append(equations(point), (growth @ point - np.log(LEAST_GROWTH))[bound])

    point = _polished(found.x, target, metric, all_equations)
    start, end = np.exp(point[:count]), np.exp(point[count:])
    value_added = np.empty((count, len(YEARS)))
    for number, year in enumerate(YEARS):
        weight = number / (len(YEARS) - 1)
        # The printed year-to-year movement, bent to the two ends.
        bend = (start / prior[:, 0]) ** (1 - weight) * (end / prior[:, -1]) ** weight
        row = prior[:, number] * bend
        value_added[:, number] = row if year in (FIRST, LAST) else row * province[year] / row.sum()
    return value_added, np.column_stack(energy(point))


def _polished(
    point: np.ndarray,
    target: np.ndarray,
    metric: np.ndarray,
    equations: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """The nearest point on the equations, to the last digit: the same on every machine.

    Each step solves the problem with the equations made linear; slopes are exact (complex step).
    """
    count = len(point)
    for _ in range(500):
        values = equations(point)
        slopes = np.array(
            [equations(point + 1e-30j * unit).imag / 1e-30 for unit in np.eye(count)]
        ).T
        rows = len(values)
        system = np.block([[2 * metric, slopes.T], [slopes, np.zeros((rows, rows))]])
        right = np.concatenate([2 * metric @ target, slopes @ point - values])
        moved = np.linalg.solve(system, right)[:count]
        step = np.abs(moved - point).max()
        point = moved
        if step < 1e-14:
            break
    return point


def _shares(balances: dict[int, Balance], energy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the kinds in each city's energy in the first and the last year.

    Where Fig 4-1 prints a city, its shares move in the province's proportion to the printed
    trend, or short of a planned value; the other cities share what is left.
    """
    totals = [provincial_energy(balances[year]) for year in (FIRST, LAST)]
    mean = [total / total.sum() for total in totals]
    ratio = mean[1] / mean[0]
    residue = facts.low_carbon_2025()
    capacity = plant_capacity()
    prior = np.ones((len(CITIES), len(KINDS)))
    for number, city in enumerate(CITIES):
        prior[number, 1] *= OIL_TILT.get(city, 1.0)
        prior[number, 2] *= 1 + capacity.get((city, "gas"), 0.0) / 2000
    shares = []
    for end in (0, 1):
        share = prior * mean[end]
        share /= share.sum(axis=1, keepdims=True)
        for city, row in residue.items():
            number = CITIES.index(city)
            for position, name in enumerate(KINDS[:3]):
                trend = row[name]
                if (city, name) in facts.PLANNED_SHARES:  # the plan binds: the trend falls short
                    trend *= 1.02 if name == "coal" else 0.90
                change = COAL_RATIO.get(city, ratio[0]) if name == "coal" else ratio[position]
                base = trend / change**TO_TARGET
                share[number, position] = base if end else base / change
            share[number, 3] = 1 - share[number, :3].sum()
        values = share * energy[:, [end]]
        free = [n for n, city in enumerate(CITIES) if city not in residue]
        fixed = [n for n in range(len(CITIES)) if n not in free]
        values[free] = _fit(
            values[free], energy[free, end], totals[end] - values[fixed].sum(axis=0)
        )
        shares.append(values / energy[:, [end]])
    return shares[0], shares[1]


def _fit(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Iterative proportional fitting to the sums of rows and columns."""
    for _ in range(10000):
        values = values * (rows / values.sum(axis=1))[:, None]
        values = values * (columns / values.sum(axis=0))
        if np.abs(values.sum(axis=1) / rows - 1).max() < 1e-14:
            break
    return values


def _co2(balances: dict[int, Balance], energy: np.ndarray) -> np.ndarray:
    """CO2 by city and year: known factors for coal, oil and gas, the rest by a city's factor.

    The factor of the four cities of Fig 4-1 is the one its numbers imply; the others share one.
    """
    known = np.array([facts.KNOWN_FACTORS[name] for name in KINDS[:3]])
    residue = facts.low_carbon_2025()
    factor = np.full(len(CITIES), np.nan)
    for city, row in residue.items():
        rest = 1 - sum(row[name] for name in KINDS[:3])
        per_energy = row["co2"] / (row["value_added"] * row["intensity"])
        factor[CITIES.index(city)] = (
            per_energy - sum(row[name] * facts.KNOWN_FACTORS[name] for name in KINDS[:3])
        ) / rest
    fixed = ~np.isnan(factor)
    from_known = energy[:, :, :3] @ known
    other = energy[:, :, 3]
    province = np.array([provincial_co2(balances[year]) for year in YEARS])
    left = province[-1] - from_known[:, -1].sum() - (factor[fixed] * other[fixed, -1]).sum()
    factor[~fixed] = left / other[~fixed, -1].sum()
    # In the years before, the factor of other energy moves with the province.
    scale = (province - from_known.sum(axis=0)) / (factor[:, None] * other).sum(axis=0)
    return from_known + factor[:, None] * other * scale
