"""Spread the provincial balance of each year over the cities, real data first.

The shares of the classes are those nearest to the priors (nearest.py) that meet, in every year:

- electricity: final use has the shares that the yearbook prints by city (table 9-10);
- CO2: what is burnt in a city has the share that the two inventories give it (city_evidence.py).

Two facts that the report prints of 2020 are observations: the part of four cities in coal (55.3 %)
and in CO2 (55.8 %). Each sets a level of the four against the others, the same in every year, and
never a movement; how the four stand to each other is left to the inventories. A fact is left out as
contradicted where it lies outside what the model gives with EDGAR alone and with CEADs alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.reconstruction import city_classes as classes
from orchestration.reconstruction.city_evidence import INVENTORIES, Evidence, co2_shares
from orchestration.reconstruction.inputs import (
    CITIES,
    LEADING_CITIES,
    YEARS,
    Balance,
    city_electricity,
    report_share,
)
from orchestration.reconstruction.nearest import Array, Constraint, Solution, nearest, tilted

# Section 2.2: the four cities, and their part of the coal and the CO2 of 2020.
FACT_YEAR = 2020
COAL_FACT, CO2_FACT = "T22-002", "T22-003"
MEASURE_OF_FACT: dict[str, classes.Coefficient] = {
    COAL_FACT: classes.report_coal,
    CO2_FACT: classes.report_co2,
}
IS_LEADING = np.array([city in LEADING_CITIES for city in CITIES])
EVERYWHERE = np.ones(len(CITIES), dtype=bool)


@dataclass(frozen=True)
class Panel:
    """A year of the model: shares by city and class."""

    cut: classes.Cut
    shares: Array

    def by_city(self, coefficient: classes.Coefficient) -> Array:
        """A quantity of each city, in the order of CITIES."""
        total: Array = self.shares @ self.cut.measure(coefficient)
        return total


@dataclass(frozen=True)
class Level:
    """What the facts of one year say in every year: the multiplier of the coal of the four cities,
    and how many times their inventoried CO2 stands to that of the others."""

    coal: float = 0.0
    co2: float = 1.0


def leading_share(values: Array) -> float:
    """The part of the four leading cities."""
    return float(values[IS_LEADING].sum() / values.sum())


def proportions(name: str, measured: Array, shares: Array, seen: Sequence[int]) -> list[Constraint]:
    """The cities seen (by position) stand to each other as `shares`."""
    total = shares[list(seen)].sum()
    scale = float(np.abs(measured).sum())
    found = []
    for number in seen[1:]:  # the first one follows from the others
        coefficients = np.zeros((len(CITIES), len(measured)))
        coefficients[list(seen)] = -measured * shares[number] / total
        coefficients[number] += measured
        found.append(Constraint(f"{name}/{CITIES[number]}", coefficients, 0.0, scale))
    return found


def fact(figure_id: str, cut: classes.Cut) -> Constraint:
    """The four cities have the part of a quantity that the report prints."""
    measured = cut.measure(MEASURE_OF_FACT[figure_id])
    whole = float(measured.sum())
    coefficients = np.where(IS_LEADING[:, None], measured, 0.0)
    return Constraint(figure_id, coefficients, report_share(figure_id) * whole, whole)


def solve(
    balances: Mapping[int, Balance], evidence: Evidence, years: Sequence[int] = YEARS
) -> dict[int, Panel]:
    """The model by year, from what the evidence lets it see."""
    cuts = {year: classes.cut(balance) for year, balance in balances.items()}
    burnt = {year: item.measure(classes.territorial_co2) for year, item in cuts.items()}
    inventoried = co2_shares(
        evidence.inventories, {year: float(part.sum()) for year, part in burnt.items()}
    )
    level = Level()
    panels = {}
    if evidence.facts:
        of_the_facts = _solve_year(cuts[FACT_YEAR], inventoried[FACT_YEAR], evidence, None)
        share = leading_share(of_the_facts.shares @ burnt[FACT_YEAR])
        level = Level(
            of_the_facts.multipliers.get(COAL_FACT, 0.0),
            _odds(share) / _odds(leading_share(inventoried[FACT_YEAR])),
        )
        panels[FACT_YEAR] = Panel(cuts[FACT_YEAR], of_the_facts.shares)
    for year in years:
        if year not in panels:
            found = _solve_year(cuts[year], inventoried[year], evidence, level)
            panels[year] = Panel(cuts[year], found.shares)
    return {year: panels[year] for year in years}


def _odds(share: float) -> float:
    return share / (1 - share)


def _solve_year(
    cut: classes.Cut, inventoried: Array, evidence: Evidence, level: Level | None
) -> Solution:
    """The shares of a year; without a level, the facts of the year are constraints of it."""
    held: list[Constraint] = []
    prior, size = classes.priors(cut, evidence.electricity), cut.size()
    groups = [EVERYWHERE]
    if level is None:
        held += [fact(figure_id, cut) for figure_id in evidence.facts]
        if CO2_FACT in evidence.facts:
            groups = [IS_LEADING, ~IS_LEADING]
    else:
        inventoried = np.where(IS_LEADING, inventoried * level.co2, inventoried)
        if level.coal:
            prior = tilted(prior, size, [fact(COAL_FACT, cut)], {COAL_FACT: level.coal})
    if any(evidence.inventories.values()):
        measured = cut.measure(classes.territorial_co2)
        for group in groups:
            seen = [n for n, city in enumerate(CITIES) if group[n] and city != evidence.hidden_city]
            held += proportions("co2", measured, inventoried, seen)
    if evidence.electricity:
        electricity = city_electricity()
        used = np.array([electricity[city, cut.balance.year] for city in CITIES])
        measured = cut.measure(classes.final_electricity)
        held += proportions("electricity", measured, used, range(len(CITIES)))
    return nearest(prior, size, held)


def uncontradicted(balances: Mapping[int, Balance]) -> Evidence:
    """All evidence, without the facts of the report that the real data contradict: those that lie
    outside what the model gives with either inventory alone."""
    alone = [
        solve(balances, Evidence(inventories={name: 1.0}, facts=()), [FACT_YEAR])[FACT_YEAR]
        for name in INVENTORIES
    ]
    held = []
    for figure_id, measure in MEASURE_OF_FACT.items():
        spanned = [leading_share(panel.by_city(measure)) for panel in alone]
        if min(spanned) <= report_share(figure_id) <= max(spanned):
            held.append(figure_id)
    return Evidence(facts=tuple(held))
