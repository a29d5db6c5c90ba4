"""The provincial balance cut into classes, and what is known of where each class stands.

A class is a row of the balance and a group of fuels. A city has one share of a class, so rows add
up to the province whatever the shares are. The prior of a class is the city's part in the best
series that is held for it: capacity of power stations, value added of the sector, electricity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from orchestration.reconstruction.inputs import (
    CITIES,
    FINAL,
    FUEL_GROUP,
    RECOVERED,
    Balance,
    city_electricity,
    city_product,
    co2_per_printed_unit,
    grid_co2_per_printed_unit,
    industry_of,
    is_industrial,
    plant_capacity,
    sole_places,
    tce_per_printed_unit,
)
from orchestration.reconstruction.nearest import Array

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
# Making power, heat and fuels: inputs of a row go to the cities in one proportion, natural gas in
# its own, as gas-fired plants stand elsewhere than coal-fired ones; what is made goes with the
# energy it is made of, so efficiency is the same everywhere.
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
POWER_AND_HEAT = ("thermal_power", "heating_supply")
POWER_DIVISION = "44"
# What goes with the power stations: no series of refineries and coke ovens is held.
WITH_POWER_STATIONS = ("25", POWER_DIVISION)
# The division that stands where a transformation row stands.
DIVISION_OF_ROW = {"coal_washing": "06"}
# A class counts by its energy, 10^4 tce, but at least this much.
SMALLEST_SIZE = 1.0
Coefficient = Callable[[str, str, float], float]


@dataclass(frozen=True)
class Class:
    """A row of the balance and the fuels of a group that it holds."""

    row: str
    group: str
    fuels: tuple[str, ...]


@dataclass(frozen=True)
class Cut:
    """The classes of a balance in the order of its rows, and the class of each cell.

    `made_of` holds the cells that transformation makes: each class's part in what they are made of.
    """

    balance: Balance
    classes: tuple[Class, ...]
    class_of: dict[tuple[str, str], int]
    made_of: dict[tuple[str, str], Array]

    def measure(self, coefficient: Coefficient) -> Array:
        """Sum over the fuels of each class of value times `coefficient(row, fuel, value)`."""
        found = np.zeros(len(self.classes))
        for (row, fuel), number in self.class_of.items():
            value = self.balance.value(row, fuel)
            found[number] += value * coefficient(row, fuel, value)
        for (row, fuel), parts in self.made_of.items():
            value = self.balance.value(row, fuel)
            found += value * coefficient(row, fuel, value) * parts
        return found

    def size(self) -> Array:
        """Energy of each class, 10^4 tce: its weight in the divergence."""
        tce = tce_per_printed_unit()
        energy = self.measure(lambda row, fuel, value: tce[fuel] if value > 0 else 0.0)
        sizes: Array = np.maximum(energy, SMALLEST_SIZE)
        return sizes


def cut(balance: Balance) -> Cut:
    """The classes of a balance."""
    fuels: dict[tuple[str, str], list[str]] = {}
    made = []
    for (row, fuel), value in balance.cells.items():
        if row in TRANSFORMATION and value < 0:
            made.append((row, fuel))
        elif row.partition("/")[0] == FINAL or row in TRANSFORMATION or row == "loss":
            group = GROUPS[FUEL_GROUP[fuel]]
            if row in TRANSFORMATION and group != "gas":
                group = "all"
            fuels.setdefault((row, group), []).append(fuel)
    classes = tuple(Class(row, group, tuple(names)) for (row, group), names in fuels.items())
    class_of = {
        (item.row, fuel): number for number, item in enumerate(classes) for fuel in item.fuels
    }
    return Cut(balance, classes, class_of, {cell: _inputs(balance, classes, cell) for cell in made})


def _inputs(balance: Balance, classes: tuple[Class, ...], cell: tuple[str, str]) -> Array:
    """The part of each class in the energy that a cell of transformation is made of."""
    tce = tce_per_printed_unit()
    energy = np.array(
        [
            sum(balance.value(item.row, fuel) * tce[fuel] for fuel in item.fuels)
            if item.row == cell[0]
            else 0.0
            for item in classes
        ]
    )
    parts: Array = energy / energy.sum()
    return parts


# What is measured --------------------------------------------------------------------------------


def territorial_co2(row: str, fuel: str, value: float) -> float:
    """10^4 t CO2 of what is burnt inside a city, as CEADs counts it (feedstock not taken off)."""
    burnt = row.startswith(FINAL) or row in POWER_AND_HEAT
    if not burnt or value <= 0 or (row.startswith(FINAL) and fuel == "other_petroleum"):
        return 0.0
    factors = co2_per_printed_unit("ceads")
    industry = POWER_DIVISION if row in POWER_AND_HEAT else industry_of(row) or ""
    return factors.get((fuel, industry), factors.get((fuel, ""), 0.0))


def report_co2(row: str, fuel: str, value: float) -> float:
    """10^4 t CO2 as the report counts it: gross uses, and the electricity not made of fuel."""
    if fuel == "electricity":
        return 0.0 if row == "loss" else grid_co2_per_printed_unit()
    if value <= 0 or row == "coke_reinput":
        return 0.0
    return co2_per_printed_unit("report_2023").get((fuel, ""), 0.0)


def report_coal(row: str, fuel: str, value: float) -> float:
    """10^4 t of coal as the report counts it: raw, cleaned and other washed coal, gross uses."""
    return float(fuel in COAL_OF_THE_REPORT and value > 0 and row != "coke_reinput")


def final_electricity(row: str, fuel: str, value: float) -> float:
    """10^8 kWh of final use."""
    return float(fuel == "electricity" and row.startswith(FINAL))


def industrial_energy(row: str, fuel: str, value: float) -> float:
    """10^4 tce of industry: its uses and what goes into power and heat, less what is made."""
    counted = is_industrial(row) and fuel not in RECOVERED
    return tce_per_printed_unit()[fuel] if counted else 0.0


# The prior ---------------------------------------------------------------------------------------


def priors(item: Cut, with_electricity: bool) -> Array:
    """The prior share of each city in each class, from series that are held for the year.

    Without the electricity of the cities, product stands in for it.
    """
    year = item.balance.year
    capacity, product, places = plant_capacity(), city_product(), sole_places()
    electricity = city_electricity()

    by_sector = {
        sector: _shares(product[city, year][sector] for city in CITIES)
        for sector in ("gdp", "primary", "secondary", "tertiary")
    }
    by_plants = {
        fuel: _shares(capacity.get((city, fuel), 0.0) for city in CITIES)
        for fuel in ("coal", "gas")
    }
    power = _shares(electricity[city, year] for city in CITIES)
    if not with_electricity:
        power = by_sector["gdp"]

    def prior(row: str, group: str) -> Array:
        code = DIVISION_OF_ROW.get(row, industry_of(row) or "")
        if code in places:
            return np.array([float(city == places[code]) for city in CITIES])
        if row in TRANSFORMATION or code in WITH_POWER_STATIONS:
            is_gas_fired = group == "gas" and (row in POWER_AND_HEAT or code == POWER_DIVISION)
            return by_plants["gas" if is_gas_fired else "coal"]
        if row == "loss" or code in ("RES_U", "RES_R"):
            return power
        if code == "A":
            return by_sector["primary"]
        if is_industrial(row) or code == "E":
            return by_sector["secondary"]
        return by_sector["tertiary"]

    return np.column_stack([prior(each.row, each.group) for each in item.classes])


def _shares(values: Iterable[float]) -> Array:
    array = np.array(list(values))
    shares: Array = array / array.sum()
    return shares
