"""What is given of the 33 sample parks: the printed facts, and the assumptions of sample_parks.csv.

No anonymous park stands for a real one: docs/park_reconstruction.md says what is printed and what
is chosen.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.reconstruction.inputs import read

HERE = Path(__file__).resolve().parent
YEARS = (2016, 2017, 2018, 2019, 2020)
LAST = YEARS[-1]
TEN_THOUSAND = 10_000


@dataclass(frozen=True)
class Plant:
    """What makes power and heat in a park, and the standard coal of each from that of the fuel."""

    industry: str
    electricity: float
    heat: float


# Plants of other divisions than 44 count as final use, except in park 3, where textile mills run
# cogeneration and sell steam out of the park.
PLANTS = {
    "coal": Plant("44", 0.28, 0.42),
    "gas": Plant("44", 0.42, 0.20),
    "park_3": Plant("17", 0.20, 0.45),
    "park_15": Plant("44", 0.15, 0.45),
    "park_22": Plant("44", 0.30, 0.25),
}
# Coal of 2016 and the first year without any, for parks that gave it up.
COAL_GIVEN_UP = {
    2: (20.0, 2019),
    4: (15.0, 2020),
    19: (12.0, 2017),
    21: (6.0, 2019),
    25: (4.0, 2018),
}
# Park A is taken to be 园区3, the only one whose leading industry is steel; park B 园区15. The case
# study gives both a path of their own.
CASES = {"A": 3, "B": 15}
COAL_PATH = {3: (330.1, 324.0, 317.4, 309.0, 300.4), 15: (45.0, 43.8, 42.5, 41.3, 40.0)}


@dataclass
class Park:
    """One row of sample_parks.csv, with what is solved for it."""

    number: int
    row: dict[str, str]
    co2_t: float = 0.0
    gdp_10k_cny: float = 0.0
    coal_t: dict[int, int] = field(default_factory=dict)
    facts: dict[int, dict[str, float]] = field(default_factory=dict)

    @property
    def park_id(self) -> str:
        return f"P{self.number:02d}"

    @property
    def profile(self) -> str:
        return self.row["profile"]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(year for year in YEARS if year >= int(self.row["first_year"]))

    def given(self, name: str) -> float:
        return float(self.row[name])

    @property
    def plant(self) -> Plant:
        if self.profile in PLANTS:
            return PLANTS[self.profile]
        return PLANTS["coal"]


def rows_of(name: str) -> list[dict[str, str]]:
    """The lines of a CSV beside this module."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


class Factors:
    """Standard coal and CO2 of method report_2023, from the reference rows the marts use too."""

    def __init__(self) -> None:
        self.unit = {
            row["fuel_code"]: row["unit"] for row in read("reference/codes/fuel_codes.csv")
        }
        self.tce = {
            row["fuel_code"]: float(row["tce_per_unit"])
            for row in read("reference/factors/tce_factors.csv")
            if row["tce_set"] == "nbs_balance"
        }
        scale = {
            row["unit_label"]: float(row["to_unit_factor"])
            for row in read("reference/units/unit_labels.csv")
        }
        self.co2 = defaultdict(
            float,
            {
                row["fuel_code"]: float(row["co2_t_per_unit"]) / scale[row["unit"]]
                for row in read("reference/methods/report_2023/co2_factors.csv")
                if not row["industry_code"]
            },
        )
        (grid,) = [
            float(row["co2_t_per_mwh"])
            for row in read("reference/factors/grid_factors.csv")
            if (row["grid_name"], row["year"]) == ("east_china", "2012")
        ]
        self.co2["electricity"] = grid

    def quantity(self, fuel: str, tce: float) -> int:
        return round(tce / self.tce[fuel])


def published(*figure_ids: str) -> list[float]:
    """Printed values in the base unit."""
    figures = {row["figure_id"]: row for row in read("report/report_2023/figures.csv")}
    return [float(figures[f]["value"]) * float(figures[f]["scale"]) for f in figure_ids]


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total."""
    whole = sum(weights)
    if not total or not whole:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(value) for value in exact]
    missing = total - sum(parts)
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - exact[n], n))
    for n in order[:missing]:
        parts[n] += 1
    return parts


def read_parks() -> list[Park]:
    return [Park(int(row["label"]), row) for row in rows_of("sample_parks")]


def settle_totals(parks: list[Park], factors: Factors) -> None:
    """Give the cells marked `residual` what the published totals leave."""
    gdp, energy, coal, co2, coal_tce = published(
        "T321-005", "T321-007", "T321-009", "T321-011", "T323-002"
    )
    by_number = {park.number: park for park in parks}

    def rest(column: str, total: float) -> float:
        (open_park,) = [park for park in parks if park.row[column] == "residual"]
        given = sum(park.given(column) for park in parks if park is not open_park)
        value = total - given
        open_park.row[column] = repr(round(value, 6))
        return value

    rest("co2_10k_t", co2 / TEN_THOUSAND)
    rest("gdp_10e8_cny", gdp / TEN_THOUSAND)
    total_coal = sum(park.given("coal_10k_t") for park in parks)
    if abs(total_coal - coal / TEN_THOUSAND) > 1e-6:
        raise ValueError(f"coal of the parks adds up to {total_coal}, not {coal / TEN_THOUSAND}")
    dearer = factors.tce["cleaned_coal"] - factors.tce["raw_coal"]
    rest("cleaned_coal_10k_t", (coal_tce - factors.tce["raw_coal"] * coal) / dearer / TEN_THOUSAND)
    case_energy = {3: published("TB41-001")[0], 15: published("TB41-010")[0]}
    open_park = by_number[5]
    used = 0.0
    for park in parks:
        used += case_energy.get(park.number) or sum(
            park.given(name) * TEN_THOUSAND
            for name in ("feedstock", "other_energy", "natural_gas", "oil", "electricity", "heat")
            if not (park is open_park and name == "feedstock")
        ) + coal_and_coke_tce(park, factors)
    open_park.row["feedstock"] = repr(round((energy - used) / TEN_THOUSAND, 6))
    for park in parks:
        park.co2_t = park.given("co2_10k_t") * TEN_THOUSAND
        park.gdp_10k_cny = park.given("gdp_10e8_cny") * TEN_THOUSAND


def coal_of(park: Park, year: int) -> tuple[int, int]:
    """Raw and cleaned coal in tonnes."""
    step = YEARS.index(year)
    if park.number in COAL_PATH:
        total = COAL_PATH[park.number][step]
    elif park.number in COAL_GIVEN_UP:
        first, without = COAL_GIVEN_UP[park.number]
        total = max(0.0, first * (without - year) / (without - YEARS[0]))
    else:
        last = park.given("coal_10k_t")
        first = last / (1 + park.given("coal_change_2016_2020"))
        total = first + (last - first) * step / (len(YEARS) - 1)
    cleaned = round(park.given("cleaned_coal_10k_t") * TEN_THOUSAND) if total else 0
    return round(total * TEN_THOUSAND) - cleaned, cleaned


def coal_and_coke_tce(park: Park, factors: Factors) -> float:
    raw, cleaned = coal_of(park, LAST)
    coke = park.given("coke_10k_t") * TEN_THOUSAND
    return (
        raw * factors.tce["raw_coal"]
        + cleaned * factors.tce["cleaned_coal"]
        + coke * factors.tce["coke"]
    )


def case_path(park: Park, year: int) -> tuple[float | None, float | None]:
    """Energy and CO2 of a case park, by the yearly and the cumulative change the report prints."""
    back = LAST - year
    if park.number == CASES["A"]:
        energy, growth, co2_growth = published("TB41-001", "TB41-002", "TB41-006")
    elif park.number == CASES["B"]:
        energy, decline, co2_growth = published("TB41-010", "TB41-011", "TB41-015")
        growth = -decline
    else:
        return None, None
    return energy / (1 + growth) ** back, park.co2_t / (1 + co2_growth) ** (back / 4)
