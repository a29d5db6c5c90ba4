"""The energy of the sample parks: industries, enterprises, plants, and what is outside industry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from orchestration.reconstruction.city_classes import POWER_DIVISION
from orchestration.reconstruction.park_facts import (
    CASES,
    COAL_GIVEN_UP,
    LAST,
    PLANTS,
    TEN_THOUSAND,
    Factors,
    Park,
    case_path,
    coal_of,
    published,
    rows_of,
    split,
)
from orchestration.reconstruction.park_room import Room, product_growth

Profiles = dict[tuple[str, str], dict[str, float]]
ENTERPRISES_PER_PARK = 60
# Divisions a park may have beside those of its kind, and how many: no steel and no refinery, which
# stand where the report says so or not at all.
OTHER_INDUSTRIES = (
    *("13", "14", "15", "17", "18", "19", "20", "21", "22", "23", "24", "26", "27", "28", "29"),
    *("30", "32", "33", "34", "35", "36", "38", "39", "40", "41"),
)
OTHERS_PER_PARK = 5
SMALLEST_WEIGHT = 0.01
FUELS_OF_CARRIER = {
    "coke": {"coke": 1.0},
    "feedstock": {"naphtha": 0.5, "lpg": 0.5},
    "other_energy": {"other_energy": 1.0},
    "natural_gas": {"natural_gas": 1.0},
    "oil": {"diesel": 0.7, "fuel_oil": 0.3},
}
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
OWN_USE = 0.05
PLANT_FUELS = ("raw_coal", "natural_gas")
# Emissions outside industry above designated size: oil, gas, the rest is electricity.
REST_SHARES = {"oil": 0.30, "natural_gas": 0.15}
REST_SHARES_OF = {15: {"oil": 0.38, "natural_gas": 0.36}}
REST_HEAT_TCE_OF = {15: 6.0 * TEN_THOUSAND}
REST_UNITS = (
    ("T", "G", "交通运输合计", ("diesel", "gasoline")),
    ("S", "IS", "服务业合计", ("natural_gas", "electricity", "heat")),
    ("H", "RES", "居民生活合计", ("natural_gas", "electricity")),
)
OUTPUT_PER_VALUE_ADDED = 1 / 0.22
INDUSTRY_SHARE_OF_GDP = 0.40
ABOVE_SIZE_SHARE_OF_INDUSTRY = 0.95
CASE_B_2021 = {"gdp": 612.0, "output": 1510.0}
# Concentrated parks: how steeply enterprises fall off within an industry.
STEEP, FLAT = 3.2, 0.8
FLAT_PROFILES = ("light",)


class Book:
    """The rows of one park's energy returns, and what they add up to."""

    def __init__(self, park: Park, factors: Factors, room: Room) -> None:
        self.park = park
        self.room = room
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

    def direct_co2_t(self, year: int, only_unit: str | None = None) -> float:
        return sum(
            (row["consumption"] - row["feedstock"]) * self.factors.co2[fuel]
            for (unit, row_year, fuel), row in self.rows.items()
            if row_year == year
            and fuel not in ("electricity", "heat")
            and only_unit in (None, unit)
        )

    def net_purchase(self, year: int, carrier: str) -> int:
        """What comes from outside the park: purchases less what the park's own plants sell."""
        return max(
            0,
            self.total(year, carrier, "purchase", True) - self.total(year, carrier, "sales", True),
        )


def shares_of(park: Park, carrier: str, profiles: Profiles) -> dict[str, float]:
    return profiles.get((park.profile, carrier)) or profiles["light", carrier]


def read_profiles() -> Profiles:
    profiles: Profiles = defaultdict(dict)
    for row in rows_of("industry_profiles"):
        profiles[row["profile"], row["carrier"]][row["industry_code"]] = float(row["share"])
    return dict(profiles)


def industry_weights(book: Book, profiles: Profiles) -> dict[str, float]:
    """The industries of a park: those of its kind, and those of its city with most room, which take
    what the first have no room for."""
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
    city = park.row["region_code"]
    roomy = {
        code: book.room.holds(LAST, city, code, 1.0, 0.0)
        for code in OTHER_INDUSTRIES
        if code not in weights
    }
    for code in sorted(roomy, key=lambda code: (-roomy[code], code))[:OTHERS_PER_PARK]:
        weights[code] = SMALLEST_WEIGHT
    return weights


def found_enterprises(book: Book, profiles: Profiles) -> None:
    """60 enterprises over the industries of the park, more where more electricity is used."""
    park = book.park
    weights = industry_weights(book, profiles)
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
    weights = within_the_city(book, year, carrier, fuel, total, {c: shares[c] for c in codes})
    codes = sorted(weights)
    given: dict[str, int] = {}
    for code, amount in zip(codes, split(total, [weights[c] for c in codes]), strict=True):
        members = enterprise_weights(book, code, carrier, year)
        for unit, part in zip(members, split(amount, list(members.values())), strict=True):
            if part:
                given[unit] = part
                book.add(unit, year, fuel, **{name: part})
    return given


def within_the_city(
    book: Book, year: int, carrier: str, fuel: str, total: int, shares: dict[str, float]
) -> dict[str, float]:
    """The quantity by industry: as the shares say, as far as the city's industries have room.

    What does not fit goes to the park's other industries by the room they have, to power stations
    last unless it is coal. Raises ValueError where the industries have no room at all.
    """
    city = book.park.row["region_code"]
    plant = book.park.plant
    made = OWN_USE * (plant.electricity + plant.heat) if fuel in PLANT_FUELS else 0.0
    # A plant's own use of what it makes is a use of its industry too.
    tce = {
        code: book.factors.tce[fuel] * (1 + (made if code == plant.industry else 0.0))
        for code in book.members
    }
    co2 = 0.0 if carrier == "feedstock" else book.factors.co2[fuel]

    def room_of(codes: Iterable[str]) -> dict[str, float]:
        return {code: book.room.holds(year, city, code, tce[code], co2) for code in codes}

    whole = sum(shares.values())
    wanted = {code: total * share / whole for code, share in shares.items()} if whole else {}
    parts = {code: min(wanted[code], room) for code, room in room_of(wanted).items()}
    for code, part in parts.items():
        book.room.take(year, city, code, tce[code] * part, co2 * part)
    others = [code for code in book.members if code != POWER_DIVISION or carrier == "coal"]
    for codes in (others, list(book.members)):
        excess = sum(wanted.values()) - sum(parts.values())
        room = room_of(codes)
        open_room = sum(room.values())
        if excess > 0 and open_room > 0:
            filled = min(1.0, excess / open_room)
            for code, part in room.items():
                parts[code] = parts.get(code, 0.0) + part * filled
                book.room.take(year, city, code, tce[code] * part * filled, co2 * part * filled)
    if sum(wanted.values()) - sum(parts.values()) > 1:
        raise ValueError(f"{book.park.park_id} {year}: no room in the city for {fuel}")
    return parts


def industry_year(book: Book, year: int, profiles: Profiles) -> None:
    """Fuels, transformation, electricity and heat of industry above designated size."""
    park, factors = book.park, book.factors
    grown = {
        carrier: book.room.growth(park.row["region_code"], carrier, year, LAST)
        for carrier in USERS_OF_CARRIER
        if carrier != "coal"
    }
    raw, cleaned = coal_of(park, year)
    coke_t = park.given("coke_10k_t") * TEN_THOUSAND
    coal_shares = shares_of(park, "coal", profiles)
    for fuel, quantity in (("raw_coal", raw), ("cleaned_coal", cleaned)):
        shares = {"31": 1.0} if fuel == "cleaned_coal" and "31" in book.members else coal_shares
        if fuel == "raw_coal" and cleaned:
            # The cleaned coal is the steel works' own; the rest of its share is raw coal.
            whole = {code: share * (raw + cleaned) for code, share in coal_shares.items()}
            whole["31"] -= cleaned
            shares = whole
        hand_out(book, year, "coal", fuel, quantity, shares, "consumption")
    coke = round(coke_t * grown["coke"])
    hand_out(book, year, "coke", "coke", coke, shares_of(park, "coke", profiles), "consumption")
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
    for unit in book.members.get(plant.industry, []):
        made = {"electricity": 0.0, "heat": 0.0}
        for fuel in PLANT_FUELS:
            row = book.rows.get((unit, year, fuel))
            if not row:
                continue
            yields = PLANTS["gas"] if fuel == "natural_gas" else plant
            quantity = row["consumption"]
            heat_part = yields.heat / (yields.heat + yields.electricity)
            heat_input = round(quantity * heat_part)
            row["input"], row["heat_input"] = quantity, heat_input
            row["power_input"] = quantity - heat_input
            made["electricity"] += quantity * factors.tce[fuel] * yields.electricity
            made["heat"] += quantity * factors.tce[fuel] * yields.heat
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
            grown = book.room.growth_outside_industry(park.row["region_code"], year, LAST)
            target = industry_t + park.facts[LAST]["rest_t"] * grown
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
    gdp = round(park.gdp_10k_cny * product_growth(park.row["region_code"], year, LAST))
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


def has_power_station(park: Park) -> bool:
    """Does the park name power and heat among its leading industries?"""
    return POWER_DIVISION in park.row["leading_industries"].split("|")


def build(factors: Factors, parks: list[Park], room: Room) -> list[Book]:
    """The books of the parks in their order. Room is taken first by those without a power station
    of their own, by emission."""
    profiles = read_profiles()
    books = {}
    for park in sorted(parks, key=lambda park: (has_power_station(park), -park.co2_t)):
        book = Book(park, factors, room)
        found_enterprises(book, profiles)
        for year in reversed(park.years):
            industry_year(book, year, profiles)
            rest_year(book, year)
            park.facts[year] |= money(park, year, book.net_energy_tce(year))
        books[park.number] = book
    return [books[park.number] for park in parks]
