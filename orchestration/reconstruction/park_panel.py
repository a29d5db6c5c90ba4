"""Rebuild returns of the 33 anonymous sample parks, 2016-2020, from what the report says of them.

    python -m seeds.reconstruction.park_panel [FOLDER]

Writes the CSV files and sidecars of `seeds/raw/park_returns` (or FOLDER), byte for byte the same in
every run: no random numbers, only the assumptions in the two CSV files beside this script and the
published figures. What is published, what is assumed and how far to trust it: see
docs/park_reconstruction.md. No anonymous park stands for a real one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from orchestration.settings import PROJECT_ROOT

HERE = Path(__file__).resolve().parent
SEEDS = PROJECT_ROOT / "seeds"
TARGET = SEEDS / "raw" / "park_returns"
EDITION = 2023
SOURCE_ID = "park_panel_reconstruction"

YEARS = (2016, 2017, 2018, 2019, 2020)
LAST = YEARS[-1]
TEN_THOUSAND = 10_000
ENTERPRISES_PER_PARK = 60
FUELS_OF_CARRIER = {
    "coke": {"coke": 1.0},
    "feedstock": {"naphtha": 0.5, "lpg": 0.5},
    "other_energy": {"other_energy": 1.0},
    "natural_gas": {"natural_gas": 1.0},
    "oil": {"diesel": 0.7, "fuel_oil": 0.3},
}
UNIT_LABELS = {"t": "t", "m3": "m3", "mwh": "MWh", "gj": "GJ", "tce": "tce"}
# How much of an industry's enterprises use a carrier, largest first.
USERS_OF_CARRIER = {
    "coal": 0.25,
    "coke": 0.15,
    "feedstock": 0.25,
    "other_energy": 0.25,
    "natural_gas": 0.6,
    "oil": 0.5,
    "electricity": 1.0,
    "heat": 0.6,
}
# Yearly growth to 2020, where the report says nothing.
GROWTH = {
    "coke": 0.02,
    "feedstock": 0.02,
    "other_energy": 0.03,
    "natural_gas": 0.05,
    "oil": 0.01,
    "electricity": 0.04,
    "heat": 0.02,
    "rest": 0.05,
    "money": 0.065,
}
# Yearly drift of an industry's share of a carrier.
DRIFT = {"39": 0.04, "27": 0.03, "38": 0.02, "17": -0.04, "26": -0.01, "13": -0.01}
# Standard coal of power and heat from that of the fuel; what plants of other divisions do is final
# use, except in park 3, where textile mills run cogeneration and sell steam out of the park.
PLANTS = {
    "coal": {"industry": "44", "electricity": 0.28, "heat": 0.42},
    "gas": {"industry": "44", "electricity": 0.42, "heat": 0.20},
    "park_3": {"industry": "17", "electricity": 0.20, "heat": 0.45},
    "park_15": {"industry": "44", "electricity": 0.15, "heat": 0.45},
    "park_22": {"industry": "44", "electricity": 0.30, "heat": 0.25},
}
OWN_USE = 0.05
# What the yearly facts state beside coal and coke.
STATED_FUELS = ("natural_gas", "electricity", "heat")
# Emissions outside industry above designated size: oil, gas, the rest is electricity.
REST_SHARES = {"oil": 0.30, "natural_gas": 0.15}
REST_SHARES_OF = {15: {"oil": 0.38, "natural_gas": 0.36}}
REST_HEAT_TCE_OF = {15: 6.0 * TEN_THOUSAND}
REST_UNITS = (
    ("T", "G", "交通运输合计", ("diesel", "gasoline")),
    ("S", "IS", "服务业合计", ("natural_gas", "electricity", "heat")),
    ("H", "RES", "居民生活合计", ("natural_gas", "electricity")),
)
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
COKE_PATH = {3: (150.0, 166.0, 182.0, 197.0, 212.0)}
OUTPUT_PER_VALUE_ADDED = 1 / 0.22
INDUSTRY_SHARE_OF_GDP = 0.40
ABOVE_SIZE_SHARE_OF_INDUSTRY = 0.95
CASE_B_2021 = {"gdp": 612.0, "output": 1510.0}
# Concentrated parks: how steeply enterprises fall off within an industry.
STEEP, FLAT = 3.2, 0.8
FLAT_PROFILES = ("light",)

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
    def plant(self) -> dict[str, object]:
        if self.profile in PLANTS:
            return PLANTS[self.profile]
        return PLANTS["coal"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _reference(folder: str, name: str) -> list[dict[str, str]]:
    return _rows(SEEDS / "reference" / folder / f"{name}.csv")


class Factors:
    """Standard coal and CO2 of method report_2023, from the reference rows the marts use too."""

    def __init__(self) -> None:
        self.unit = {row["fuel_code"]: row["unit"] for row in _reference("codes", "fuel_codes")}
        self.tce = {
            row["fuel_code"]: float(row["tce_per_unit"])
            for row in _reference("factors", "tce_factors")
            if row["tce_set"] == "nbs_balance"
        }
        scale = {
            row["unit_label"]: float(row["to_unit_factor"])
            for row in _reference("units", "unit_labels")
        }
        self.co2 = defaultdict(
            float,
            {
                row["fuel_code"]: float(row["co2_t_per_unit"]) / scale[row["unit"]]
                for row in _reference("methods/report_2023", "co2_factors")
                if not row["industry_code"]
            },
        )
        (grid,) = [
            float(row["co2_t_per_mwh"])
            for row in _reference("factors", "grid_factors")
            if (row["grid_name"], row["year"]) == ("east_china", "2012")
        ]
        self.co2["electricity"] = grid

    def quantity(self, fuel: str, tce: float) -> int:
        return round(tce / self.tce[fuel])


def published(*figure_ids: str) -> list[float]:
    """Printed values in the base unit."""
    figures = {row["figure_id"]: row for row in _rows(SEEDS / "report" / "published_figures.csv")}
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
    return [Park(int(row["label"]), row) for row in _rows(HERE / "sample_parks.csv")]


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
        ) + coal_and_coke_tce(park, LAST, factors)
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


def coke_of(park: Park, year: int) -> int:
    if park.number in COKE_PATH:
        return round(COKE_PATH[park.number][YEARS.index(year)] * TEN_THOUSAND)
    grown = (1 + GROWTH["coke"]) ** (year - LAST)
    return round(park.given("coke_10k_t") * grown * TEN_THOUSAND)


def coal_and_coke_tce(park: Park, year: int, factors: Factors) -> float:
    raw, cleaned = coal_of(park, year)
    return (
        raw * factors.tce["raw_coal"]
        + cleaned * factors.tce["cleaned_coal"]
        + coke_of(park, year) * factors.tce["coke"]
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


class Book:
    """The rows of one park's energy returns, and what they add up to."""

    def __init__(self, park: Park, factors: Factors) -> None:
        self.park = park
        self.factors = factors
        self.units: dict[str, tuple[str, str, bool]] = {}  # id -> name, industry, is_aggregate
        self.rows: dict[tuple[str, int, str], dict[str, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        self.members: dict[str, list[str]] = {}

    def add(self, unit: str, year: int, fuel: str, **quantities: int) -> None:
        row = self.rows[unit, year, fuel]
        for name, quantity in quantities.items():
            row[name] += quantity

    def total(self, year: int, fuel: str, name: str, aggregates: bool = False) -> int:
        return sum(
            row[name]
            for (unit, row_year, row_fuel), row in self.rows.items()
            if row_year == year and row_fuel == fuel and (aggregates or not self.units[unit][2])
        )

    def net_energy_tce(self, year: int) -> float:
        """Consumption less what transformation yielded, of industry above designated size."""
        return sum(
            (row["consumption"] - row["output"]) * self.factors.tce[fuel]
            for (unit, row_year, fuel), row in self.rows.items()
            if row_year == year and not self.units[unit][2]
        )

    def fuel_energy_tce(self, year: int) -> float:
        return sum(
            row["consumption"] * self.factors.tce[fuel]
            for (unit, row_year, fuel), row in self.rows.items()
            if row_year == year and fuel not in ("electricity", "heat") and not self.units[unit][2]
        )

    def direct_co2_t(self, year: int) -> float:
        return sum(
            (row["consumption"] - row["feedstock"]) * self.factors.co2[fuel]
            for (unit, row_year, fuel), row in self.rows.items()
            if row_year == year and fuel not in ("electricity", "heat")
        )

    def net_purchase(self, year: int, carrier: str) -> int:
        """What comes from outside the park: purchases less what the park's own plants sell."""
        return max(
            0,
            self.total(year, carrier, "purchase", True) - self.total(year, carrier, "sales", True),
        )


def shares_of(park: Park, carrier: str, profiles: dict) -> dict[str, float]:
    return profiles.get((park.profile, carrier)) or profiles["light", carrier]


def read_profiles() -> dict[tuple[str, str], dict[str, float]]:
    profiles: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in _rows(HERE / "industry_profiles.csv"):
        profiles[row["profile"], row["carrier"]][row["industry_code"]] = float(row["share"])
    return dict(profiles)


def found_enterprises(book: Book, profiles: dict) -> None:
    """60 enterprises over the industries of the park, more where more electricity is used."""
    park = book.park
    weights: dict[str, float] = {}
    carriers = ("coal", "coke", "natural_gas", "oil", "electricity", "heat", "feedstock")
    for carrier in (*carriers, "other_energy"):
        column = "coal_10k_t" if carrier == "coal" else carrier
        column = "coke_10k_t" if carrier == "coke" else column
        ever = park.row[column] not in ("0", "0.0") or (
            carrier == "coal" and park.number in COAL_GIVEN_UP
        )
        plant_heat = carrier == "heat" and park.row["infrastructure"] == "cogeneration"
        if ever or plant_heat:
            for industry, share in shares_of(park, carrier, profiles).items():
                weights[industry] = weights.get(industry, 0.0) + share
    industries = sorted(weights, key=lambda code: (-weights[code], code))
    few = {code: 2 for code in industries if code in ("44", "42")}
    open_ones = [code for code in industries if code not in few]
    left = ENTERPRISES_PER_PARK - sum(few.values()) - 3 * len(open_ones)
    extra = split(left, [weights[code] for code in open_ones])
    counts = few | {code: 3 + n for code, n in zip(open_ones, extra, strict=True)}
    number = 0
    for code in industries:
        book.members[code] = []
        for _ in range(counts[code]):
            number += 1
            unit = f"{park.park_id}-E{number:02d}"
            book.units[unit] = (f"样本园区{park.number}企业{number:02d}", code, False)
            book.members[code].append(unit)
    for letter, code, name, _ in REST_UNITS:
        book.units[f"{park.park_id}-{letter}"] = (f"样本园区{park.number}{name}", code, True)


def enterprise_weights(book: Book, industry: str, carrier: str, year: int) -> dict[str, float]:
    units = book.members[industry]
    users = max(1, round(len(units) * USERS_OF_CARRIER[carrier]))
    if industry == "44":
        users = len(units)
    steep = FLAT if book.park.profile in FLAT_PROFILES else STEEP
    weights = {}
    for rank, unit in enumerate(units[:users], start=1):
        swing = 1 + 0.02 * ((rank * 7 + year * 3) % 5 - 2)
        weights[unit] = rank**-steep * swing
    return weights


def hand_out(
    book: Book, year: int, carrier: str, fuel: str, total: int, shares: dict[str, float], name: str
) -> dict[str, int]:
    """Spread a quantity over the industries and their enterprises; whole units, no remainder."""
    codes = sorted(code for code in shares if book.members.get(code))
    weights = [shares[code] * (1 + DRIFT.get(code, 0.0)) ** (year - LAST) for code in codes]
    given: dict[str, int] = {}
    for code, amount in zip(codes, split(total, weights), strict=True):
        members = enterprise_weights(book, code, carrier, year)
        for unit, part in zip(members, split(amount, list(members.values())), strict=True):
            if part:
                given[unit] = part
                book.add(unit, year, fuel, **{name: part})
    return given


def industry_year(book: Book, year: int, profiles: dict) -> None:
    """Fuels, transformation, electricity and heat of industry above designated size."""
    park, factors = book.park, book.factors
    grown = {name: (1 + rate) ** (year - LAST) for name, rate in GROWTH.items()}
    raw, cleaned = coal_of(park, year)
    coal_shares = shares_of(park, "coal", profiles)
    for fuel, quantity in (("raw_coal", raw), ("cleaned_coal", cleaned)):
        shares = {"31": 1.0} if fuel == "cleaned_coal" and "31" in book.members else coal_shares
        if fuel == "raw_coal" and cleaned:
            # The cleaned coal is the steel works' own; the rest of its share is raw coal.
            whole = {code: share * (raw + cleaned) for code, share in coal_shares.items()}
            whole["31"] -= cleaned
            shares = whole
        hand_out(book, year, "coal", fuel, quantity, shares, "consumption")
    hand_out(
        book, year, "coke", "coke", coke_of(park, year), shares_of(park, "coke", profiles),
        "consumption",
    )  # fmt: skip
    for carrier in ("feedstock", "other_energy", "natural_gas", "oil"):
        tce = park.given(carrier) * TEN_THOUSAND * grown[carrier]
        for fuel, share in FUELS_OF_CARRIER[carrier].items():
            given = hand_out(
                book, year, carrier, fuel, factors.quantity(fuel, tce * share),
                shares_of(park, carrier, profiles), "consumption",
            )  # fmt: skip
            if carrier == "feedstock":
                for unit, part in given.items():
                    book.add(unit, year, fuel, feedstock=part)
    outputs = transform(book, year)
    net = {"electricity": park.given("electricity") * TEN_THOUSAND * grown["electricity"]}
    energy, _ = case_path(park, year)
    if energy is None:
        net["heat"] = park.given("heat") * TEN_THOUSAND * grown["heat"]
    else:
        net["heat"] = energy - book.fuel_energy_tce(year) - net["electricity"]
    for carrier in ("electricity", "heat"):
        # The plants' own use is consumption without purchase; everybody else buys.
        bought = factors.quantity(carrier, net[carrier]) + outputs[carrier]
        bought -= book.total(year, carrier, "consumption")
        shares = {
            code: share
            for code, share in shares_of(park, carrier, profiles).items()
            if code in book.members
        }
        given = hand_out(book, year, carrier, carrier, bought, shares, "purchase")
        for unit, part in given.items():
            book.add(unit, year, carrier, consumption=part)


def transform(book: Book, year: int) -> dict[str, int]:
    """Power and heat of the plants: inputs, outputs, own use, sales; returns the outputs."""
    plant, factors = book.park.plant, book.factors
    outputs = {"electricity": 0, "heat": 0}
    for unit in book.members.get(plant["industry"], []):
        made = {"electricity": 0.0, "heat": 0.0}
        for fuel in ("raw_coal", "natural_gas"):
            row = book.rows.get((unit, year, fuel))
            if not row:
                continue
            yields = PLANTS["gas"] if fuel == "natural_gas" else plant
            quantity = row["consumption"]
            heat_part = yields["heat"] / (yields["heat"] + yields["electricity"])
            heat_input = round(quantity * heat_part)
            row["input"], row["heat_input"] = quantity, heat_input
            row["power_input"] = quantity - heat_input
            for carrier in made:
                made[carrier] += quantity * factors.tce[fuel] * yields[carrier]
        for carrier, tce in made.items():
            output = factors.quantity(carrier, tce)
            if output:
                own = round(output * OWN_USE)
                book.add(unit, year, carrier, output=output, consumption=own, sales=output - own)
                outputs[carrier] += output
    return outputs


def rest_year(book: Book, year: int) -> None:
    """Transport, services and households: what the CO2 of the park leaves beside industry."""
    park, factors = book.park, book.factors
    transport, services, homes = (f"{park.park_id}-{letter}" for letter, *_ in REST_UNITS)
    heat_tce = REST_HEAT_TCE_OF.get(park.number, 0.0)
    if heat_tce:
        heat = factors.quantity("heat", heat_tce)
        book.add(services, year, "heat", purchase=heat, consumption=heat)
    industry_t = industry_co2_t(book, year)
    _, target = case_path(park, year)
    if target is None:
        if year == LAST:
            target = park.co2_t
        else:
            target = industry_t + park.facts[LAST]["rest_t"] * (1 + GROWTH["rest"]) ** (year - LAST)
    rest_t = target - industry_t
    if rest_t <= 0:
        raise ValueError(f"{park.park_id} {year}: industry alone emits {-rest_t:.0f} t too much")
    park.facts.setdefault(year, {})["rest_t"] = rest_t
    shares = REST_SHARES_OF.get(park.number, REST_SHARES)
    for unit, fuel, part_t in (
        (transport, "diesel", rest_t * shares["oil"] * 0.7),
        (transport, "gasoline", rest_t * shares["oil"] * 0.3),
        (services, "natural_gas", rest_t * shares["natural_gas"] * 0.5),
        (homes, "natural_gas", rest_t * shares["natural_gas"] * 0.5),
    ):
        book.add(unit, year, fuel, consumption=round(part_t / factors.co2[fuel]))
    net = book.net_purchase(year, "electricity")
    open_t = target - book.direct_co2_t(year)
    open_t -= book.net_purchase(year, "heat") * factors.co2["heat"]
    bought = round(open_t / factors.co2["electricity"]) - net
    if bought <= 0:
        raise ValueError(f"{park.park_id} {year}: no electricity is left for services and homes")
    for unit, part in zip((services, homes), split(bought, (0.65, 0.35)), strict=True):
        book.add(unit, year, "electricity", purchase=part, consumption=part)


def industry_co2_t(book: Book, year: int) -> float:
    return book.direct_co2_t(year) + sum(
        book.net_purchase(year, carrier) * book.factors.co2[carrier]
        for carrier in ("electricity", "heat")
    )


def money(park: Park, year: int, energy_tce: float) -> dict[str, float]:
    """Product, value added and output; in 10^4 CNY of the year."""
    grown = (1 + GROWTH["money"]) ** (year - LAST)
    gdp = round(park.gdp_10k_cny * grown)
    share = published("T425-002")[0] if park.number == CASES["A"] else INDUSTRY_SHARE_OF_GDP
    industry = round(gdp * share)
    above = round(industry * ABOVE_SIZE_SHARE_OF_INDUSTRY)
    output = round(above * OUTPUT_PER_VALUE_ADDED)
    if park.number == 19:  # 0.05 tce of energy per 10^4 CNY of value added in 2020
        above = round(energy_tce / published("T331-008")[0])
        industry = max(industry, above)
        output = round(above * OUTPUT_PER_VALUE_ADDED)
    if park.number in CASES.values():
        letter = next(key for key, number in CASES.items() if number == park.number)
        now, decline = published(
            *(("TB41-004", "TB41-003") if letter == "A" else ("TB41-013", "TB41-012"))
        )
        # B prints 0.03; 0.0254 leaves room for an output above 1500 x 10^8 CNY in 2021.
        now = now if letter == "A" else 0.0254
        output = round(energy_tce / (now / (1 - decline) ** (LAST - year)))
    return {
        "gdp": gdp,
        "industry": industry,
        "above": min(above, output),
        "output": output,
        "two_high": round(output * park.given("two_high_share")),
    }


def build(factors: Factors, parks: list[Park]) -> list[Book]:
    profiles = read_profiles()
    books = []
    for park in parks:
        book = Book(park, factors)
        found_enterprises(book, profiles)
        for year in reversed(park.years):
            industry_year(book, year, profiles)
            rest_year(book, year)
            park.facts[year] |= money(park, year, book.net_energy_tce(year))
        books.append(book)
    return books


# Files -------------------------------------------------------------------------------------------


def park_rows(parks: list[Park]) -> Iterable[list]:
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


def enterprise_rows(books: list[Book]) -> Iterable[list]:
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


def energy_rows(books: list[Book], year: int) -> Iterable[list]:
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


def fact_rows(books: list[Book]) -> Iterable[list]:
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
                coke_of(park, year),
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


def measure_rows(parks: list[Park]) -> Iterable[list]:
    yield ["park_id", "measure", "year", "adopted", "detail"]
    for measure, adopters in MEASURES_OF.items():
        # Retrofits are those the 14th five-year plan of the park provides for.
        year = LAST + 1 if measure == "efficiency_retrofit" else LAST
        for park in parks:
            yield [park.park_id, measure, year, str(park.number in adopters).lower(), ""]
    for number, measure, detail in EXTRA_MEASURES:
        yield [f"P{number:02d}", measure, LAST, "true", detail]


def plan_rows(parks: list[Park]) -> Iterable[list]:
    yield [
        "park_id", "has_plan", "plan_year", "boundary", "peak_year", "peak_co2_t", "base_year",
        "base_co2_t", "scope",
    ]  # fmt: skip
    for park in parks:
        if park.number not in PEAK_PLANS:
            yield [park.park_id, "false", "", "", "", "", "", "", ""]
            continue
        year, rise = PEAK_PLANS[park.number]
        base = round(park.co2_t)
        peak = round(base * (1 + rise))
        if park.number in CASES.values():
            (peak,) = published("TB41-008" if park.number == CASES["A"] else "TB41-017")
        yield [
            park.park_id, "true", LAST + 1, "whole_zone", year, round(peak), LAST, base,
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
    "peak_plans": (
        "样本园区达峰计划表（重构）",
        "Peaking plans of the sample parks (reconstructed)",
    ),
}


def write(folder: Path, thing: str, rows: Iterable[list], year: int | None = None) -> None:
    """One CSV file with its sidecar."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    content = text.getvalue().encode("utf-8")
    name = f"sample_{thing}" if year is None else f"sample_{thing}_{year}"
    zh, en = (title.format(year=year) for title in TITLES[thing])
    sidecar = {
        "dataset": f"park_returns_{thing}",
        "source_id": SOURCE_ID,
        "publisher": "greenpark (seeds/reconstruction/park_panel.py)",
        "title_zh": zh,
        "title_en": en,
        "edition_year": EDITION,
        "table_number": "none",
        "unit_as_printed": "own column",
        "notes_as_printed": ["anonymous parks; built to fit the aggregates of the 2023 report"],
        "encoding": "utf-8",
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": "Apache-2.0",
        "origin": "reconstructed",
        "url_or_citation": "docs/park_reconstruction.md",
        "layout": {"kind": "records", "header_rows": 1, "first_data_row": 2},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_bytes(content)
    (folder / f"{name}.yml").write_text(
        yaml.safe_dump(sidecar, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )


def main(folder: Path = TARGET) -> None:
    factors = Factors()
    parks = read_parks()
    settle_totals(parks, factors)
    books = build(factors, parks)
    write(folder, "parks", park_rows(parks))
    write(folder, "enterprises", enterprise_rows(books))
    for year in YEARS:
        write(folder, "enterprise_energy", energy_rows(books, year), year)
    write(folder, "park_facts", fact_rows(books))
    write(folder, "measures", measure_rows(parks))
    write(folder, "peak_plans", plan_rows(parks))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
