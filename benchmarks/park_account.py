"""The park account a second time, from the text of the rule: plain Python over the same forms.

    python -m benchmarks.park_account [--parts 10] [--seed 1] [--parks 1000] [--enterprises 10]
        [--memory 4GB] [--folder DIR]

It reads the rows of `seeds/reference/park_methods` and knows nothing of the SQL. An enterprise is
worked out alone: what it burns, transforms, makes and loses, what passes its boundary. Run, it
writes random returns, lands them, builds the account with all that it is made of (`greenpark
model`) and compares every enterprise by every method and view, and every park with its energy in
both conventions, to 1e-9. Each part is drawn from a seed of its own, --seed and those after it, and
prints its line when it is done: 10^5 enterprises are ten parts, on one day or on several.
`tests/integration/test_park_account.py` does the same with few, in a whole refresh.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb
import yaml

from benchmarks.case import BIN, Case, machine_line
from benchmarks.park_forms import (
    COUNTRY,
    INDUSTRIES,
    PROVINCE,
    REFERENCE,
    YEAR,
    Forms,
    Row,
    number,
    random_parks,
    rows_of,
    write_forms,
)
from orchestration.settings import PROJECT_ROOT, Home
from orchestration.transform import workbench

CO2_PER_CARBON = 44 / 12
UNITS = {"t": 1.0, "m3": 1.0, "10^4 m3": 1e4, "tce": 1.0}

TOLERANCE = 1e-9
METHODS = sorted(folder.name for folder in (REFERENCE / "park_methods").iterdir())
MWH_TCE, GJ_TCE = 0.1229, 0.03412  # electricity at its calorific value, heat

Gases = tuple[float, float]
"""CO2 and CO2 equivalent of all gases, t."""


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
    process: dict[tuple[str, str], Gases] = field(default_factory=dict)
    lost: dict[str, float] = field(default_factory=dict)
    co2e_kg_per_gj: dict[tuple[str, str], float] = field(default_factory=dict)
    views: dict[str, float] = field(default_factory=dict)
    tce: dict[str, float] = field(default_factory=dict)
    supply_tce_per_mwh: float = 0.0
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
        method._read_gases(folder)
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
        for row in rows_of(REFERENCE / "factors" / "tce_factors.csv"):
            if row["tce_set"] == said["tce_set"] and row["unit"] in UNITS:
                method.tce[row["fuel_code"]] = float(row["tce_per_unit"]) / UNITS[row["unit"]]
        for row in rows_of(REFERENCE / "factors" / "supply_coal_rates.csv"):
            if in_force(row, method.year):
                method.supply_tce_per_mwh = float(row["supply_tce_per_unit"])
        return method

    def _read_gases(self, folder: Path) -> None:
        """What products emit, what a gas that is lost counts, CH4 and N2O of what is burnt."""
        project = yaml.safe_load((PROJECT_ROOT / "dbt_project/dbt_project.yml").read_text())
        gwp = {
            row["gas"]: float(row["gwp100"])
            for row in rows_of(REFERENCE / "factors" / "gwp_values.csv")
            if row["gwp_set"] == project["vars"]["gwp_set"]
        }
        for row in rows_of(folder / "process_factors.csv"):
            product = row["process_product"], row["process_route"]
            if row["gas"] == "co2" and row.get("carbon_t_per_t"):
                self.balanced[product[0]] = float(row["carbon_t_per_t"])
            if row["entry"] == "fugitive":
                self.lost[row["gas"]] = float(row["gas_t_per_t"]) * gwp[row["gas"]]
            elif row["gas_t_per_t"]:
                co2, co2e = self.process.get(product, (0.0, 0.0))
                made = float(row["gas_t_per_t"])
                self.process[product] = (
                    co2 + made * (row["gas"] == "co2"),
                    co2e + made * gwp[row["gas"]],
                )
        if any(row["entry"] == "ch4_n2o" for row in rows_of(folder / "entries.csv")):
            classes = {
                row["industry_code"]: row["sector_class"]
                for row in rows_of(REFERENCE / "codes" / "industry_codes.csv")
            }
            per_gj = {
                (row["fuel_code"], row["sector_class"]): float(row["ch4_kg_per_gj"]) * gwp["ch4"]
                + float(row["n2o_kg_per_gj"]) * gwp["n2o"]
                for row in rows_of(REFERENCE / "factors" / "ch4_n2o_factors.csv")
            }
            self.co2e_kg_per_gj = {
                (fuel, industry): per_gj[fuel, classes[industry]]
                for fuel, sector in per_gj
                for industry in INDUSTRIES
                if classes[industry] == sector
            }


def default_carbon(method: Method, row: Row) -> tuple[float, float, float]:
    """Heat of a unit, carbon of a GJ and the part that is oxidised, by the kind of coal."""
    kind = row["coal_kind"]
    if (row["fuel_code"], kind) not in method.carbon:
        kind = method.assumed
    return method.carbon[row["fuel_code"], kind]


def co2_factors(method: Method, row: Row, measured: Row | None) -> tuple[float, float]:
    """CO2 of a unit of a fuel with all its carbon, and with what is oxidised where it is burnt."""
    heat, carbon, oxidation = default_carbon(method, row)
    if measured and method.takes_measured:
        if measured["unit_heat_gj"]:
            heat = float(measured["unit_heat_gj"]) / UNITS[measured["unit"]]
        carbon = float(measured["carbon_content_tc_per_gj"] or carbon)
        oxidation = float(measured["oxidation_rate"] or oxidation)
    whole = heat * carbon * CO2_PER_CARBON
    return whole, whole * oxidation


def fuel_gases(
    method: Method, row: Row, industry: str, measured: Row | None
) -> tuple[Gases, float]:
    """What an enterprise burns and transforms of one fuel emits, and CO2 of its feedstock."""
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
    ) * scale
    recovered = number(row, "recovered_quantity") * scale
    changed = (put_in - for_power - number(row, "transformation_output_quantity")) * scale
    co2 = (burnt - recovered) * burnt_factor + changed * whole
    heat, _, _ = default_carbon(method, row)
    other = burnt * heat * method.co2e_kg_per_gj.get((row["fuel_code"], industry), 0.0) / 1000
    return (co2, co2 + other), number(row, "feedstock_quantity") * scale * whole


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


def process_gases(method: Method, row: Row, feedstock: float) -> Gases:
    """What a product emits: the carbon of its feedstock less its own, or its factor."""
    made, product = number(row, "process_quantity_t"), row["process_product"]
    if product == "gas_loss":
        return 0.0, made * method.lost.get(row["gas"], 0.0)
    if product in method.balanced and feedstock:
        co2 = feedstock - made * method.balanced[product] * CO2_PER_CARBON
        return co2, co2
    co2, co2e = method.process[product, row["process_route"]]
    return made * co2, made * (co2e if method.lost else co2)


def accounts(method: Method, forms: Forms) -> dict[tuple[str, str], Gases]:
    """What every enterprise emits, by view."""
    industry = {row["enterprise_id"]: row["industry_code"] for row in forms["enterprises"]}
    fixed: dict[str, Gases] = dict.fromkeys(industry, (0.0, 0.0))
    feedstock: dict[str, float] = defaultdict(float)
    measured = {(row["enterprise_id"], row["fuel_code"]): row for row in forms["measured_factors"]}

    def add(whose: str, gases: Gases) -> None:
        fixed[whose] = (fixed[whose][0] + gases[0], fixed[whose][1] + gases[1])

    for row in forms["enterprise_energy"]:
        whose = row["enterprise_id"]
        gases, raw = fuel_gases(
            method, row, industry[whose], measured.get((whose, row["fuel_code"]))
        )
        add(whose, gases)
        feedstock[whose] += raw
    for row in forms["process"]:
        add(row["enterprise_id"], process_gases(method, row, feedstock[row["enterprise_id"]]))
    exchanged: dict[str, list[Row]] = defaultdict(list)
    for row in forms["energy_exchange"]:
        exchanged[row["enterprise_id"]].append(row)
    found = {}
    for whose, (co2, co2e) in fixed.items():
        heat = heat_co2(exchanged[whose])
        for view, factor in method.views.items():
            bought = heat + electricity_co2(factor, view, exchanged[whose])
            found[whose, view] = (co2 + bought, co2e + bought)
    return found


def energy(method: Method, forms: Forms) -> dict[str, tuple[float, float]]:
    """Standard coal that every park uses, electricity at its equivalent and its calorific value."""
    found: dict[str, tuple[float, float]] = {}
    for row in forms["enterprise_energy"]:
        used = number(row, "consumption_quantity") - number(row, "transformation_output_quantity")
        used -= number(row, "recovered_quantity")
        tce = used * UNITS[row["unit"]] * method.tce[row["fuel_code"]]
        before = found.get(row["park_id"], (0.0, 0.0))
        found[row["park_id"]] = (before[0] + tce, before[1] + tce)
    for row in forms["energy_exchange"]:
        quantity = number(row, "quantity") * (-1 if row["direction"] == "sold" else 1)
        rates = (
            (GJ_TCE, GJ_TCE) if row["carrier"] == "heat" else (method.supply_tce_per_mwh, MWH_TCE)
        )
        before = found[row["park_id"]]
        found[row["park_id"]] = (
            before[0] + quantity * rates[0],
            before[1] + quantity * rates[1],
        )
    return found


@dataclass
class Compared:
    """What the warehouse and the second implementation were asked of, and where they differ."""

    enterprises: int = 0
    values: int = 0
    differences: list[tuple[object, object, object]] = field(default_factory=list)

    def add(self, key: object, found: tuple[float | None, ...], expected: Gases) -> None:
        self.values += len(expected)
        if not all(
            value is not None and math.isclose(value, other, rel_tol=TOLERANCE)
            for value, other in zip(found, expected, strict=True)
        ):
            self.differences.append((key, found, expected))


LEDGER = """
    select
        park_id, enterprise_id, electricity_view,
        sum(co2_t) filter (where is_counted), sum(co2e_t) filter (where is_counted)
    from emissions.park_carbon_ledger
    where park_id between $first and $last and method = $method and enterprise_id is not null
    group by all
"""
ACCOUNT = """
    select
        park_id, electricity_view,
        net_co2_t, net_co2e_t, equivalent_energy_tce, calorific_energy_tce
    from emissions.park_carbon_account
    where park_id between $first and $last and method = $method
"""
AT_ONCE = 200  # parks read by one query


def compare(
    reader: duckdb.DuckDBPyConnection, names: Iterable[str], parks: Iterable[Forms]
) -> Compared:
    """Every enterprise and park by every method and view, as the warehouse and this have it."""
    methods = [Method.read(name, PROVINCE, COUNTRY) for name in names]
    compared, rest = Compared(), iter(parks)
    while some := {forms["parks"][0]["park_id"]: forms for forms in islice(rest, AT_ONCE)}:
        compared.enterprises += sum(len(forms["enterprises"]) for forms in some.values())
        for method in methods:
            asked = {"first": min(some), "last": max(some), "method": method.name}
            lines: dict[str, dict[tuple[str, str], Gases]] = defaultdict(dict)
            for park, whose, view, *gases in reader.execute(LEDGER, asked).fetchall():
                lines[park][whose, view] = (gases[0], gases[1])
            nets: dict[str, dict[str, tuple[float | None, ...]]] = defaultdict(dict)
            for park, view, *values in reader.execute(ACCOUNT, asked).fetchall():
                nets[park][view] = tuple(values)
            for park, forms in some.items():
                _compare_park(compared, method, forms, lines[park], nets[park])
    return compared


def _compare_park(
    compared: Compared,
    method: Method,
    forms: Forms,
    lines: dict[tuple[str, str], Gases],
    nets: dict[str, tuple[float | None, ...]],
) -> None:
    park = forms["parks"][0]["park_id"]
    expected = accounts(method, forms)
    for key in lines.keys() | expected.keys():
        compared.add((method.name, *key), lines.get(key, (None, None)), expected[key])
    used = energy(method, forms)[park]
    if nets.keys() != method.views.keys():
        compared.differences.append((park, [*nets], [*method.views]))
    for view, (co2, co2e, *tce) in nets.items():
        parts = [gases for (_, seen), gases in expected.items() if seen == view]
        sums = math.fsum(part[0] for part in parts), math.fsum(part[1] for part in parts)
        compared.add((method.name, park, view), (co2, co2e), sums)
        compared.add((method.name, park, view, "tce"), tuple(tce), used)


def run_part(folder: Path, seed: int, parks: int, enterprises: int, memory: str) -> Compared:
    """Build the account of the random returns of a seed, compare, print the line of the part."""
    data, home = folder / f"data_{seed}", Home.resolve(folder / "home")
    rows = write_forms(data, random_parks(parks, enterprises, seed))
    command = [str(BIN / "greenpark"), "model", "park_carbon_account", "--fresh", "--rows", "0"]
    case = Case(
        f"seed {seed}",
        [*command, "--home", str(home.root), "--data", str(data)],
        {"GREENPARK_MEMORY": memory},
        every_s=1,
    )
    case.run()
    with duckdb.connect(str(workbench.place(home).database), read_only=True) as reader:
        compared = compare(reader, METHODS, random_parks(parks, enterprises, seed))
    shutil.rmtree(data)
    for key, found, expected in compared.differences[:10]:
        print(key, found, expected, file=sys.stderr)
    print(
        f"| {seed} | {parks:,} | {compared.enterprises:,} | {rows:,} | {compared.values:,} "
        f"| {len(compared.differences)} | {case.seconds[0]:.0f} | {case.processor[0]:.0f} "
        f"| {case.memory[0] / 2**20:.0f} |",
        flush=True,
    )
    return compared


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the first part")
    parser.add_argument("--parks", type=int, default=1_000, help="per part")
    parser.add_argument("--enterprises", type=int, default=10, help="per park")
    parser.add_argument("--memory", default="4GB", help="GREENPARK_MEMORY")
    parser.add_argument("--folder", type=Path, help="where the work database stays")
    arguments = parser.parse_args()
    size = arguments.parks, arguments.enterprises, arguments.memory
    print(
        f"{machine_line()}. Methods {', '.join(METHODS)}.\n\n"
        "| seed | parks | enterprises | rows returned | values compared | differences | seconds "
        "| of the processor | peak of all processes, MiB |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        seeds = range(arguments.seed, arguments.seed + arguments.parts)
        parts = [run_part(folder, seed, *size) for seed in seeds]
    return 1 if any(part.differences for part in parts) else 0


if __name__ == "__main__":
    sys.exit(main())
