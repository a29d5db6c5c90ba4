"""The park account a second time, from the text of the rule: plain Python over the same forms.

    python -m benchmarks.park_account [--parks 10000] [--enterprises 10] [--method METHOD]

It reads the rows of `seeds/reference/park_methods` and knows nothing of the SQL. A park is worked
out alone: what it burns, what it transforms, what it makes, what passes its boundary. Run, it
writes random returns, refreshes a home on them and compares every park and view to 1e-9;
`tests/integration/test_park_account.py` does the same with few.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import random
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks.run import BIN, Case, machine_line
from orchestration.publishing.releases import open_reader
from orchestration.settings import PROJECT_ROOT, Home

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
CO2_PER_CARBON = 44 / 12
UNITS = {"t": 1.0, "m3": 1.0, "10^4 m3": 1e4, "tce": 1.0}
FUELS = ("raw_coal", "cleaned_coal", "coke", "natural_gas", "diesel", "fuel_oil", "lng")
COALS = ("anthracite", "coking_bituminous", "other_bituminous", "lignite", "")
PRODUCTS = (
    ("cement_clinker", "portland"), ("lime", ""), ("ammonia", "coal"), ("ammonia", "oil"),
    ("limestone", ""),
)  # fmt: skip
KINDS = ("grid", "direct_non_fossil", "certificate_covered")
INDUSTRIES = ("25", "26", "30", "31", "44")
YEAR = 2023

TOLERANCE = 1e-9

Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _place() -> tuple[str, str, str]:
    """A country, a province and a city of it: all parks lie there."""
    regions = {row["region_code"]: row for row in rows_of(REFERENCE / "codes/region_codes.csv")}
    city = next(row for row in regions.values() if row["level"] == "prefecture")
    province = regions[city["parent_code"]]
    return province["parent_code"], province["region_code"], city["region_code"]


COUNTRY, PROVINCE, CITY = _place()


def in_force(row: Row, year: int) -> bool:
    return int(row["year_from"]) <= year <= int(row["year_to"] or 9999)


@dataclass
class Method:
    """The rows of one method."""

    name: str
    year: int = YEAR
    carbon: dict[tuple[str, str], tuple[float, float, float]] = field(default_factory=dict)
    balanced: dict[str, float] = field(default_factory=dict)
    takes_measured: bool = False
    process: dict[tuple[str, str], float] = field(default_factory=dict)
    views: dict[str, float] = field(default_factory=dict)
    assumed: str = ""

    @classmethod
    def read(cls, name: str, province: str, country: str) -> Method:
        folder = REFERENCE / "park_methods" / name
        said = rows_of(folder / "method.csv")[0]
        method = cls(name, assumed=said["assumed_coal_kind"])
        method.takes_measured = said["takes_measured_factors"] == "true"
        for row in rows_of(folder / "fuel_factors.csv"):
            if in_force(row, method.year) and row["ncv_gj_per_unit"]:
                method.carbon[row["fuel_code"], row["coal_kind"]] = (
                    float(row["ncv_gj_per_unit"]) / UNITS[row["unit"]],
                    float(row["carbon_content_tc_per_gj"]),
                    float(row["oxidation_rate"]),
                )
        for row in rows_of(folder / "process_factors.csv"):
            if row["gas"] == "co2" and row.get("carbon_t_per_t"):
                method.balanced[row["process_product"]] = float(row["carbon_t_per_t"])
            if row["gas"] == "co2" and row["gas_t_per_t"]:
                method.process[row["process_product"], row["process_route"]] = float(
                    row["gas_t_per_t"]
                )
        grids = {
            (row["grid_name"], row["year"], row["kind"]): float(row["co2_t_per_mwh"])
            for row in rows_of(REFERENCE / "factors" / "grid_factors.csv")
        }
        for row in rows_of(folder / "view_factors.csv"):
            if in_force(row, method.year):
                area = province if row["factor_area"] == "province" else country
                method.views[row["electricity_view"]] = grids[
                    area, row["factor_year"], row["grid_factor_kind"]
                ]
        return method


def number(row: Row, name: str) -> float:
    return float(row.get(name) or 0)


def co2_factors(method: Method, row: Row, measured: Row | None) -> tuple[float, float]:
    """CO2 of a unit of a fuel with all its carbon, and with what is oxidised where it is burnt."""
    kind = row["coal_kind"]
    if (row["fuel_code"], kind) not in method.carbon:
        kind = method.assumed
    heat, carbon, oxidation = method.carbon[row["fuel_code"], kind]
    if measured and method.takes_measured:
        if measured["unit_heat_gj"]:
            heat = float(measured["unit_heat_gj"]) / UNITS[measured["unit"]]
        carbon = float(measured["carbon_content_tc_per_gj"] or carbon)
        oxidation = float(measured["oxidation_rate"] or oxidation)
    whole = heat * carbon * CO2_PER_CARBON
    return whole, whole * oxidation


def fuel_co2(
    method: Method, row: Row, industry: str, measured: Row | None
) -> tuple[float, float, float]:
    """CO2 of what an enterprise burns of one fuel, of what it transforms, of its feedstock."""
    whole, burnt_factor = co2_factors(method, row, measured)
    scale = UNITS[row["unit"]]
    put_in = number(row, "transformation_input_quantity")
    for_power = number(row, "power_input_quantity") + number(row, "heat_input_quantity")
    if not row["power_input_quantity"] and not row["heat_input_quantity"] and industry == "44":
        for_power = put_in
    burnt = (
        number(row, "consumption_quantity")
        - number(row, "feedstock_quantity")
        - (put_in - for_power)
        - number(row, "recovered_quantity")
    )
    changed = put_in - for_power - number(row, "transformation_output_quantity")
    feedstock = number(row, "feedstock_quantity") * scale * whole
    return burnt * scale * burnt_factor, changed * scale * whole, feedstock


def electricity_co2(factor: float, view: str, rows: list[Row]) -> float:
    """A kind of supply counts at the factor of the view or not at all."""
    blind = view in ("location_province", "location_national", "physical")
    total = 0.0
    for row in rows:
        if row["carrier"] != "electricity" or row["direction"] == "self_generated":
            continue
        counts = row["supply_kind"] == "grid" or (
            row["supply_kind"] == "certificate_covered" and blind
        )
        sign = -1 if row["direction"] == "sold" else 1
        total += sign * number(row, "quantity") * factor * counts
    return total


def heat_co2(rows: list[Row]) -> float:
    total = 0.0
    for row in rows:
        if row["carrier"] == "heat":
            factor = 0.0 if row["supply_kind"] == "non_fossil_heat" else 0.11
            if factor and row["co2_t_per_gj"]:
                factor = float(row["co2_t_per_gj"])
            total += (-1 if row["direction"] == "sold" else 1) * number(row, "quantity") * factor
    return total


def accounts(method: Method, forms: dict[str, list[Row]]) -> dict[tuple[str, str], float]:
    """CO2 of every park and view."""
    industry = {row["enterprise_id"]: row["industry_code"] for row in forms["enterprises"]}
    fixed: dict[str, float] = defaultdict(float)
    feedstock: dict[str, float] = defaultdict(float)
    measured = {(row["enterprise_id"], row["fuel_code"]): row for row in forms["measured_factors"]}
    for row in forms["enterprise_energy"]:
        whose = row["enterprise_id"]
        burnt, changed, raw = fuel_co2(
            method, row, industry[whose], measured.get((whose, row["fuel_code"]))
        )
        fixed[row["park_id"]] += burnt + changed
        feedstock[whose] += raw
    for row in forms["process"]:
        made, product = number(row, "process_quantity_t"), row["process_product"]
        if product in method.balanced and feedstock[row["enterprise_id"]]:
            fixed[row["park_id"]] += (
                feedstock[row["enterprise_id"]] - made * method.balanced[product] * CO2_PER_CARBON
            )
        else:
            fixed[row["park_id"]] += made * method.process[product, row["process_route"]]
    exchanged: dict[str, list[Row]] = defaultdict(list)
    for row in forms["energy_exchange"]:
        exchanged[row["park_id"]].append(row)
    return {
        (park, view): total
        + heat_co2(exchanged[park])
        + electricity_co2(factor, view, exchanged[park])
        for park, total in fixed.items()
        for view, factor in method.views.items()
    }


def random_forms(parks: int, enterprises: int, seed: int) -> dict[str, list[Row]]:
    """Returns of made-up parks, whatever an enterprise may burn, transform, make and exchange."""
    draw = random.Random(seed)
    forms: dict[str, list[Row]] = defaultdict(list)
    for park_number in range(parks):
        park = f"R{park_number:05d}"
        forms["parks"].append(
            {"park_id": park, "name_zh": f"随机园区{park_number}", "level": "provincial"}
            | {"region_code": CITY, "park_type": "industrial_park"}
        )
        for place in range(enterprises):
            _add_enterprise(draw, forms, park, f"{park}-{place}")
    return forms


def _add_enterprise(
    draw: random.Random, forms: dict[str, list[Row]], park: str, enterprise: str
) -> None:
    key = {"park_id": park, "enterprise_id": enterprise}
    industry = draw.choice(INDUSTRIES)
    forms["enterprises"].append(
        key | {"name_zh": enterprise, "industry_code": industry, "is_above_size": "true"}
    )
    key["year"] = str(YEAR)
    for fuel in draw.sample(FUELS, 3):
        used = draw.uniform(10, 1e5)
        row = dict.fromkeys(ENERGY, "") | key
        row |= {"fuel_code": fuel, "unit": "10^4 m3" if fuel == "natural_gas" else "t"}
        row["coal_kind"] = draw.choice(COALS) if fuel == "raw_coal" else ""
        row["consumption_quantity"] = repr(used)
        if draw.random() < 0.3:
            row["feedstock_quantity"] = repr(used * draw.uniform(0, 0.3))
        if draw.random() < 0.5:
            put_in = used * draw.uniform(0.2, 0.6)
            row["transformation_input_quantity"] = repr(put_in)
            if draw.random() < 0.5:
                row["power_input_quantity"] = repr(put_in * draw.uniform(0.1, 0.5))
                row["heat_input_quantity"] = repr(put_in * draw.uniform(0.1, 0.5))
        forms["enterprise_energy"].append(row)
        if draw.random() < 0.3:
            carbon = repr(draw.uniform(0.015, 0.028)) if draw.random() < 0.7 else ""
            oxidation = repr(draw.uniform(0.9, 1)) if draw.random() < 0.5 else ""
            # Near enough to any default for the landing to take it.
            heat = draw.uniform(360, 400) if row["unit"] == "10^4 m3" else draw.uniform(22, 42)
            forms["measured_factors"].append(
                key
                | {"fuel_code": fuel, "unit": row["unit"], "unit_heat_gj": repr(heat)}
                | {"carbon_content_tc_per_gj": carbon, "oxidation_rate": oxidation}
                | {"laboratory": "made up"}
            )
        forms["enterprise_energy"] += _made_of(draw, row, industry)
    if draw.random() < 0.5:
        product, route = draw.choice(PRODUCTS)
        forms["process"].append(
            key
            | {"process_product": product, "process_route": route, "gas": ""}
            | {"process_quantity_t": repr(draw.uniform(1, 1e6)), "gas_t_per_t": ""}
        )
    for carrier, direction, kind in (
        ("electricity", "purchased", draw.choice(KINDS)),
        ("electricity", "sold", "grid"),
        ("heat", "purchased", draw.choice(("fossil_heat", "non_fossil_heat"))),
        ("heat", "sold", "fossil_heat"),
    ):
        if draw.random() < 0.6:
            measured = repr(draw.uniform(0.05, 0.15)) if carrier == "heat" else ""
            forms["energy_exchange"].append(
                key
                | {"carrier": carrier, "direction": direction, "supply_kind": kind}
                | {"quantity": repr(draw.uniform(1, 1e5)), "co2_t_per_gj": measured}
                | {"unit": "MWh" if carrier == "electricity" else "GJ"}
            )


def _made_of(draw: random.Random, row: Row, industry: str) -> list[Row]:
    """Tar of coking coal, and gas recovered from coke: less carbon than goes in."""
    made = dict.fromkeys(ENERGY, "") | {key: row[key] for key in ("park_id", "enterprise_id")}
    made["year"] = row["year"]
    put_in = number(row, "transformation_input_quantity")
    if row["fuel_code"] == "cleaned_coal" and put_in and not row["power_input_quantity"]:
        made |= {"fuel_code": "other_coking_products", "unit": "t"}
        share = 0 if industry == "44" else draw.uniform(0, 0.3)
        made["transformation_output_quantity"] = repr(put_in * share)
    elif row["fuel_code"] == "coke":
        recovered = number(row, "consumption_quantity") * draw.uniform(0, 0.02)
        made |= {"fuel_code": "blast_furnace_gas", "unit": "10^4 m3"}
        made |= {"recovered_quantity": repr(recovered)}
        made |= {"consumption_quantity": repr(recovered * draw.uniform(0, 1))}
    else:
        return []
    return [made]


ENERGY = (
    "park_id", "enterprise_id", "year", "fuel_code", "coal_kind", "unit", "consumption_quantity",
    "feedstock_quantity", "transformation_input_quantity", "power_input_quantity",
    "heat_input_quantity", "transformation_output_quantity", "recovered_quantity",
)  # fmt: skip
SIDECAR = """dataset: park_returns_{name}
source_id: random_parks
publisher: nobody
title_zh: 随机园区填报
title_en: Returns of random parks
edition_year: 2024
encoding: utf-8
sha256: {sha256}
licence: made up
origin: observed
url_or_citation: made up by a test
layout: {{kind: records, header_rows: 1, first_data_row: 2}}
"""


def write_forms(folder: Path, forms: dict[str, list[Row]]) -> None:
    """The forms as files with their sidecars."""
    folder.mkdir(parents=True)
    for name, rows in forms.items():
        path = folder / f"random_{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        path.with_suffix(".yml").write_text(
            SIDECAR.format(name=name, sha256=sha256), encoding="utf-8"
        )


def published(
    reader: duckdb.DuckDBPyConnection, method: str
) -> dict[tuple[str, str], float | None]:
    """CO2 of every random park and view as the warehouse has it."""
    rows = reader.execute(
        "select park_id, electricity_view, net_co2_t from emissions.park_carbon_account "
        "where park_id like 'R%' and method = $1",
        [method],
    ).fetchall()
    return {(park, view): net for park, view, net in rows}


def differences(
    found: dict[tuple[str, str], float | None], expected: dict[tuple[str, str], float]
) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    """Parks and views that are not the same in both, with both values."""
    return {
        key: (found.get(key), expected.get(key))
        for key in found.keys() | expected.keys()
        if found.get(key) is None
        or key not in expected
        or not math.isclose(found[key] or 0, expected[key], rel_tol=TOLERANCE)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parks", type=int, default=10_000)
    parser.add_argument("--enterprises", type=int, default=10, help="per park")
    parser.add_argument("--method", required=True, help="a folder of park_methods")
    arguments = parser.parse_args()
    forms = random_forms(arguments.parks, arguments.enterprises, seed=1)
    with tempfile.TemporaryDirectory() as temporary:
        data, home = Path(temporary, "data"), Path(temporary, "home")
        write_forms(data, forms)
        command = [str(BIN / "greenpark"), "refresh", "--home", str(home), "--data", str(data)]
        case = Case("refresh", [*command, "--without", "reconstructed"], {})
        case.run()
        with open_reader(Home.resolve(home)) as reader:
            found = published(reader, arguments.method)
    wrong = differences(found, accounts(Method.read(arguments.method, PROVINCE, COUNTRY), forms))
    for key, values in sorted(wrong.items())[:10]:
        print(key, values, file=sys.stderr)
    print(
        f"{machine_line()}\n\n| parks | enterprises | rows returned | accounts compared | "
        "differences | seconds | peak of all processes, MiB |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
        f"| {arguments.parks:,} | {arguments.parks * arguments.enterprises:,} "
        f"| {sum(len(rows) for rows in forms.values()):,} | {len(found):,} | {len(wrong)} "
        f"| {case.seconds[0]:.0f} | {case.memory[0] / 2**20:.0f} |"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
