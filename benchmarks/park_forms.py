"""Returns of made-up parks for their account: whatever an enterprise may burn, make and exchange.

Each park is drawn from a seed of its own, so that it is the same whichever parks are beside it, and
is handed on alone: 10^5 enterprises need no memory.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from orchestration.settings import PROJECT_ROOT

REFERENCE = PROJECT_ROOT / "seeds" / "reference"
FUELS = ("raw_coal", "cleaned_coal", "coke", "natural_gas", "diesel", "fuel_oil", "lng")
COALS = ("anthracite", "coking_bituminous", "other_bituminous", "lignite", "")
PRODUCTS = (
    ("cement_clinker", "portland"), ("lime", ""), ("ammonia", "coal"), ("ammonia", "oil"),
    ("limestone", ""), ("soda_ash", ""), ("calcium_carbide", ""), ("graphite_electrode", ""),
    ("primary_aluminium", ""), ("ferroalloy", "silicon"), ("industrial_silicon", ""),
)  # fmt: skip
LOST = ("sf6", "ch4_fossil", "hfc_134a", "nf3")
KINDS = ("grid", "direct_non_fossil", "certificate_covered")
INDUSTRIES = ("25", "26", "30", "31", "44")
YEAR = 2023
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of GB 32100-2015, by their value

Row = dict[str, str]
Forms = dict[str, list[Row]]


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


def number(row: Row, name: str) -> float:
    return float(row.get(name) or 0)


def random_parks(parks: int, enterprises: int, seed: int) -> Iterator[Forms]:
    """Returns of made-up parks one by one, each the same whichever parks are drawn beside it."""
    for park_number in range(parks):
        draw = random.Random(f"{seed} {park_number}")
        park = f"R{park_number:05d}"
        forms: Forms = defaultdict(list)
        forms["parks"].append(
            {"park_id": park, "name_zh": f"随机园区{park_number}", "level": "provincial"}
            | {"region_code": CITY, "park_type": "industrial_park"}
        )
        for place in range(enterprises):
            _add_enterprise(draw, forms, park, f"{park}-{place}")
        yield forms


def credit_code(enterprise: str) -> str:
    """A code as enterprises have them, made up: the tests look for it where it must not be."""
    code = f"91320000MA{hashlib.sha256(enterprise.encode()).hexdigest()[:7].upper()}"
    weighted = sum(CREDIT_SIGNS.index(sign) * 3**place for place, sign in enumerate(code))
    return code + CREDIT_SIGNS[-weighted % len(CREDIT_SIGNS)]


def _add_enterprise(draw: random.Random, forms: Forms, park: str, enterprise: str) -> None:
    key = {"park_id": park, "enterprise_id": enterprise}
    industry = draw.choice(INDUSTRIES)
    forms["enterprises"].append(
        key
        | {"name_zh": enterprise, "unified_social_credit_code": credit_code(enterprise)}
        | {"industry_code": industry, "is_above_size": "true"}
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
    if draw.random() < 0.2:
        forms["process"].append(
            key
            | {"process_product": "gas_loss", "process_route": "", "gas": draw.choice(LOST)}
            | {"process_quantity_t": repr(draw.uniform(0, 5)), "gas_t_per_t": ""}
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


def write_forms(folder: Path, parks: Iterable[Forms]) -> int:
    """The forms as files with their sidecars, written as they come; the rows of all."""
    folder.mkdir(parents=True)
    writers: dict[str, csv.DictWriter[str]] = {}
    count = 0
    with ExitStack() as stack:
        for forms in parks:
            for name, rows in forms.items():
                if name not in writers:
                    path = folder / f"random_{name}.csv"
                    handle = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
                    writers[name] = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
                    writers[name].writeheader()
                writers[name].writerows(rows)
                count += len(rows)
    for name in writers:
        path = folder / f"random_{name}.csv"
        with path.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        path.with_suffix(".yml").write_text(
            SIDECAR.format(name=name, sha256=sha256), encoding="utf-8"
        )
    return count
