"""Spread the provincial balance of a year over the cities.

A class is a row of the balance and a group of fuels; each city has one share of a class, so the
sum over the cities is the provincial figure whatever the shares are. The shares are those nearest
to the weights of the cities (least Kullback-Leibler divergence, classes weighed by energy) that
meet the constraints, which are all linear in the shares. The dual of that problem is smooth and
has one solution: bounded quasi-Newton finds which inequalities bind, Newton finds the last digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from orchestration.reconstruction import facts
from orchestration.reconstruction.city_series import GRID_CO2, HEAT_CO2, KINDS, kind
from orchestration.reconstruction.inputs import (
    CITIES,
    FINAL,
    FUEL_GROUP,
    RECOVERED,
    Balance,
    city_electricity,
    city_value_added,
    co2_per_printed_unit,
    co2_weights,
    industry_of,
    is_industrial,
    plant_capacity,
    tce_per_printed_unit,
)

GROUPS = {
    "coal": "coal",
    "coal_gas": "coke",
    "coke": "coke",
    "oil": "oil",
    "natural_gas": "gas",
    "electricity": "electricity",
    "heat": "heat",
    "other": "other",
}
COAL_OF_THE_REPORT = ("raw_coal", "cleaned_coal", "other_washed_coal")
# Making power, heat and fuels: inputs and outputs of a row go to the cities in one proportion,
# natural gas in its own, as gas-fired plants stand elsewhere than coal-fired ones.
TRANSFORMATION = (
    "thermal_power",
    "heating_supply",
    "coal_washing",
    "coking",
    "petroleum_refining",
    "gas_works",
    "coke_reinput",
    "briquette_making",
    "gas_liquefaction",
)
ENERGY_INTENSIVE = ("25", "26", "28", "30", "31", "32")
# Assumptions on where mines and refineries stand: coal is mined at Xuzhou; the report names
# refining for Nanjing alone (table 2-1).
MINING_CITY, MINING_SHARE = "320300", 0.9
REFINING_CITY, REFINING_TILT = "320100", 3.0
# The listed divisions of a city stand this far above its other divisions, and the largest three
# of them stay below this share of all (the rule asks for four when three do not reach 80 %).
RANK_MARGIN = 1.05
TOP_THREE_SHARE = 0.78
# Where one city alone lists a division, the part of the division it is thought to have.
SOLE_LISTING_SHARE = 0.4
THRESHOLD_SHARE = 0.8
# Share of the province that the leading cities exceed, by the margin, and the others do not reach.
LEADING_LEVEL = {"report_coal": 0.0735, "report_co2": 0.0755}
LEADING_MARGIN = 1.05
# Weight of a class in the divergence: its energy, 10^4 tce, but at least this.
SMALLEST_SIZE = 1.0
# Homes, services and transport keep to their weights: their classes count so many times.
OUTSIDE_INDUSTRY = 100.0


@dataclass(frozen=True)
class Class:
    """A row and a group of fuels; `size` is its weight in the divergence."""

    row: str
    group: str
    fuels: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """Shares by city and class, and the classes of each cell of the balance."""

    classes: list[Class]
    shares: np.ndarray
    class_of: dict[tuple[str, str], int]
    constraints: list[Constraint]
    multipliers: dict[str, float]


@dataclass(frozen=True)
class Constraint:
    """`coefficients` (city by class) times the shares is `target`, or at least that."""

    name: str
    coefficients: np.ndarray
    target: float
    is_bound: bool


def classes_of(balance: Balance) -> tuple[list[Class], dict[tuple[str, str], int]]:
    """The classes of a balance in the order of its rows, and the class of each cell."""
    fuels: dict[tuple[str, str], list[str]] = {}
    for row, fuel in balance.cells:
        if row.partition("/")[0] == FINAL or row in TRANSFORMATION or row == "loss":
            group = GROUPS[FUEL_GROUP[fuel]]
            if row in TRANSFORMATION and group != "gas":
                group = "all"
            fuels.setdefault((row, group), []).append(fuel)
    classes = [Class(row, group, tuple(names)) for (row, group), names in fuels.items()]
    class_of = {
        (item.row, fuel): number for number, item in enumerate(classes) for fuel in item.fuels
    }
    return classes, class_of


def _measure(balance: Balance, classes: list[Class], coefficient) -> np.ndarray:
    """Sum over the fuels of each class of value times `coefficient(row, fuel, value)`."""
    return np.array(
        [
            sum(
                balance.value(item.row, fuel)
                * coefficient(item.row, fuel, balance.value(item.row, fuel))
                for fuel in item.fuels
            )
            for item in classes
        ]
    )


def measures(balance: Balance, classes: list[Class]) -> dict[str, np.ndarray]:
    """What the constraints measure, as the provincial figure of each class."""
    tce, co2 = tce_per_printed_unit(), co2_per_printed_unit()
    net = co2 | {"electricity": GRID_CO2, "heat": HEAT_CO2}

    def energy(name: str):
        return lambda row, fuel, value: (
            tce[fuel] if is_industrial(row) and fuel not in RECOVERED and kind(fuel) == name else 0
        )

    def gross(row: str, fuel: str, value: float) -> bool:
        """A use in the sense of the report: final use, losses, inputs of transformation."""
        return value > 0 and row != "coke_reinput"

    found = {f"energy_{name}": _measure(balance, classes, energy(name)) for name in KINDS}
    found["co2"] = _measure(
        balance, classes, lambda row, fuel, value: net.get(fuel, 0) if is_industrial(row) else 0
    )
    found["electricity"] = _measure(
        balance,
        classes,
        lambda row, fuel, value: fuel == "electricity" and row.startswith(FINAL),
    )
    found["report_coal"] = _measure(
        balance,
        classes,
        lambda row, fuel, value: fuel in COAL_OF_THE_REPORT and gross(row, fuel, value),
    )
    found["report_co2"] = _measure(
        balance,
        classes,
        lambda row, fuel, value: (
            (GRID_CO2 if row != "loss" else 0)
            if fuel == "electricity"
            else (co2.get(fuel, 0) if gross(row, fuel, value) else 0)
        ),
    )
    found["ranking"] = _measure(
        balance,
        classes,
        lambda row, fuel, value: net.get(fuel, 0) if row.startswith(FINAL) else 0,
    )
    return found


def weights(balance: Balance, classes: list[Class], value_added: np.ndarray) -> np.ndarray:
    """The prior share of each city in each class."""
    year = balance.year
    capacity = plant_capacity()
    printed = city_value_added()
    electricity = city_electricity()

    def share(values) -> np.ndarray:
        array = np.array([values(city) for city in CITIES], dtype=float)
        return array / array.sum()

    industry = value_added / value_added.sum()
    heavy = share(co2_weights().__getitem__)
    coal = share(lambda city: capacity.get((city, "coal"), 0) + 100)
    gas = share(lambda city: capacity.get((city, "gas"), 0) + 50)
    by_sector = {
        "A": share(lambda city: printed[city, year]["primary"]),
        "E": share(lambda city: printed[city, year]["secondary"]),
    }
    services = share(lambda city: printed[city, year]["tertiary"])
    power = share(lambda city: electricity[city, year])
    mining = (
        MINING_SHARE * np.array([city == MINING_CITY for city in CITIES])
        + (1 - MINING_SHARE) * heavy
    )
    refining = share(
        lambda city: heavy[CITIES.index(city)] * (REFINING_TILT if city == REFINING_CITY else 1)
    )
    prior = np.empty((len(CITIES), len(classes)))
    for number, item in enumerate(classes):
        code = industry_of(item.row)
        if item.row in ("thermal_power", "heating_supply") or code == "44":
            row = gas if item.group == "gas" else coal
        elif item.row == "coal_washing" or code == "06":
            row = mining
        elif item.row == "petroleum_refining" or code == "25":
            row = refining
        elif code in ENERGY_INTENSIVE or item.row in TRANSFORMATION:
            row = heavy
        elif item.row == "loss" or code in ("RES_U", "RES_R"):
            row = power
        elif code in by_sector:
            row = by_sector[code]
        elif is_industrial(item.row):
            row = industry
        else:
            row = services
        prior[:, number] = row
    return prior


def constraints(
    balance: Balance,
    classes: list[Class],
    measured: dict[str, np.ndarray],
    series_energy: np.ndarray,
    series_co2: np.ndarray,
) -> list[Constraint]:
    """All constraints of a year. Sums over the cities hold already: one city is left out."""
    found = []

    def add(name: str, part: dict[str, np.ndarray], target: float, is_bound: bool = False):
        coefficients = np.zeros((len(CITIES), len(classes)))
        for city, row in part.items():
            coefficients[CITIES.index(city)] += row
        found.append(Constraint(name, coefficients, target, is_bound))

    implied = facts.LEADING_CITIES[0]
    electricity = city_electricity()
    all_electricity = sum(electricity[city, balance.year] for city in CITIES)
    for number, city in enumerate(CITIES):
        if city == implied:
            continue
        for position, name in enumerate(KINDS):
            add(
                f"energy_{name}/{city}",
                {city: measured[f"energy_{name}"]},
                series_energy[number, position],
            )
        add(f"co2/{city}", {city: measured["co2"]}, series_co2[number])
        share = electricity[city, balance.year] / all_electricity
        add(
            f"electricity/{city}",
            {city: measured["electricity"]},
            share * measured["electricity"].sum(),
        )
    if balance.year == facts.FACT_YEAR:
        # The four cities are "clearly above the others" (section 2.2), in coal and in CO2.
        for name, level in LEADING_LEVEL.items():
            row = measured[name]
            for city in CITIES:
                if city in facts.LEADING_CITIES:
                    add(f"{name}/{city}", {city: row}, LEADING_MARGIN * level * row.sum(), True)
                else:
                    add(f"{name}/{city}", {city: -row}, -level * row.sum(), True)
        for name, share in (("report_coal", facts.COAL_SHARE), ("report_co2", facts.CO2_SHARE)):
            row = measured[name]
            add(f"{name}/leading", dict.fromkeys(facts.LEADING_CITIES, row), share * row.sum())
    found += _rankings(classes, measured["ranking"], add, found)
    return found


def _rankings(classes, ranking, add, found) -> list[Constraint]:
    """Table 2-1: the listed divisions of a city come first, and it takes all four of them."""
    codes = [industry_of(item.row) for item in classes]
    divisions = [
        code
        for code in dict.fromkeys(codes)
        if code and code != "44" and is_industrial(f"{FINAL}/{code}")
    ]
    of = {code: np.where([c == code for c in codes], ranking, 0) for code in divisions}
    total = sum(of.values())
    tables = facts.key_industries()
    size = co2_weights()
    for city, listed in tables.items():
        level = min(
            THRESHOLD_SHARE
            * of[code].sum()
            * min(
                size[city] / sum(size[other] for other in tables if code in tables[other]),
                SOLE_LISTING_SHARE,
            )
            for code in listed
        )
        for code in divisions:
            if code in listed:
                add(f"rank/{city}/{code}", {city: of[code]}, RANK_MARGIN * level, True)
            elif of[code].any():
                add(f"rank/{city}/{code}", {city: -of[code]}, -level, True)
        for left_out in listed:
            rest = sum(of[code] for code in listed if code != left_out)
            add(f"rank/{city}/four/{left_out}", {city: TOP_THREE_SHARE * total - rest}, 0.0, True)
    return []


def solve(
    balance: Balance,
    series_energy: np.ndarray,
    series_co2: np.ndarray,
    value_added: np.ndarray,
    start: dict[str, float] | None = None,
) -> Panel:
    """The shares of a year; `start` are the multipliers of another year, which saves time only."""
    classes, class_of = classes_of(balance)
    measured = measures(balance, classes)
    held = constraints(balance, classes, measured, series_energy, series_co2)
    prior = weights(balance, classes, value_added)
    tce = tce_per_printed_unit()
    size = np.array(
        [
            sum(abs(balance.value(item.row, fuel)) * tce[fuel] for fuel in item.fuels)
            for item in classes
        ]
    )
    stiff = [not is_industrial(item.row) and item.row not in TRANSFORMATION for item in classes]
    size = np.maximum(size, SMALLEST_SIZE) * np.where(stiff, OUTSIDE_INDUSTRY, 1.0)
    shares, multipliers = _nearest(prior, size, held, start or {})
    return Panel(classes, shares, class_of, held, multipliers)


def _nearest(
    prior: np.ndarray, size: np.ndarray, held: list[Constraint], start: dict[str, float]
) -> tuple[np.ndarray, dict[str, float]]:
    """Shares nearest to `prior` that meet the constraints, by the dual problem."""
    scale = np.array([np.abs(item.coefficients).sum() / len(CITIES) for item in held])
    matrix = np.array(
        [item.coefficients / size / factor for item, factor in zip(held, scale, strict=True)]
    )
    target = np.array([item.target for item in held]) / scale
    is_bound = np.array([item.is_bound for item in held])
    log_prior = np.log(prior)
    sparse = csr_array(matrix.reshape(len(held), -1))

    def shares_at(multipliers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        exponent = log_prior + (sparse.T @ multipliers).reshape(prior.shape)
        top = exponent.max(axis=0)
        raised = np.exp(exponent - top)
        total = raised.sum(axis=0)
        return raised / total, top + np.log(total)

    def dual(multipliers: np.ndarray) -> tuple[float, np.ndarray]:
        shares, log_total = shares_at(multipliers)
        value = size @ log_total - target @ multipliers
        return value, sparse @ (shares * size).ravel() - target

    found = minimize(
        dual,
        np.array([start.get(item.name, 0.0) for item in held]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None) if bound else (None, None) for bound in is_bound],
        options={"maxiter": 20000, "maxfun": 40000, "maxcor": 50, "ftol": 1e-15, "gtol": 1e-5},
    )
    multipliers = found.x
    active = ~is_bound | (multipliers > 1e-10)
    flat = matrix.reshape(len(held), -1)
    for _ in range(60):
        shares, _ = shares_at(multipliers)
        gap = (flat @ (shares * size).ravel() - target)[active]
        if np.abs(gap).max() < 1e-13:
            break
        rows = matrix[active]
        mean = np.einsum("mck,ck->mk", rows, shares)
        spread = (rows.reshape(len(rows), -1) * (shares * size).ravel()) @ rows.reshape(
            len(rows), -1
        ).T - (mean * size) @ mean.T
        multipliers[active] -= np.linalg.lstsq(spread, gap, rcond=1e-13)[0]
        wrong = is_bound & (multipliers < 0)
        if wrong.any():
            multipliers[wrong] = 0.0
            active &= ~wrong
    shares, _ = shares_at(multipliers)
    gap = flat @ (shares * size).ravel() - target
    worst = np.where(is_bound, np.maximum(-gap, 0), np.abs(gap))
    if worst.max() > 1e-8:
        number = int(worst.argmax())
        raise ValueError(f"constraints cannot be met: {held[number].name} is off {worst[number]}")
    names = [item.name for item in held]
    return shares, dict(zip(names, multipliers, strict=True))
