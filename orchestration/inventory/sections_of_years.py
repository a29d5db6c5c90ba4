"""The sections that set years and methods side by side, and energy by carrier."""

from __future__ import annotations

from typing import Any

from orchestration.inventory import labels
from orchestration.inventory.document import Column, Section, Table
from orchestration.inventory.facts import Facts, Row
from orchestration.inventory.labels import Namer


def change(facts: Facts, namer: Namer) -> Section:
    """What changed since the year before: by activity and by factor."""
    say = namer.say
    before = {
        _key(row): row["co2e_t"] for row in facts["by_entry"] if row["year"] == facts["year"] - 1
    }
    title = say("Change since last year")
    if not before:
        text = say("There is no account of {year} by this method to compare with.")
        return Section("change", title, [text.format(year=facts["year"] - 1)])
    rows = [
        [
            namer.code(labels.ENTRIES, row["entry"]),
            namer.code(labels.VIEWS, row["view"]) if row["view"] else "",
            before.get(_key(row), 0.0),
            row["by_activity_t"],
            row["by_factor_t"],
            row["change_t"],
            None if row["by_factor_t"] else _rate(row["change_t"], before.get(_key(row))),
        ]
        for row in facts["changed"]
    ]
    columns = [
        Column(say("Entry")),
        Column(say("View")),
        Column(str(facts["year"] - 1), "tonnes"),
        Column(say("by activity"), "tonnes"),
        Column(say("by factor"), "tonnes"),
        Column(say("Change, t"), "tonnes"),
        Column(say("Rate"), "share"),
    ]
    paragraphs = [
        say(
            "The part by factor is this year's activity times the change of the factor; the rest"
            " is by activity, as is what one of the years lacks. No rate leads from one factor to"
            " another."
        )
    ]
    return Section("change", title, paragraphs, [Table(columns, rows)])


def _key(row: Row) -> tuple[str, str | None]:
    return row["entry"], row["view"]


def _rate(change_t: float, before_t: float | None) -> float | None:
    return change_t / abs(before_t) if before_t else None


def methods(facts: Facts, namer: Namer) -> Section:
    """The method, which of its factors changed, and what other methods say."""
    say = namer.say
    method = facts["method_row"]
    paragraphs = [
        f"{namer.of(method)}: {method.get(f'description_{namer.lang}') or ''}".rstrip(": "),
    ]
    if facts["changed_factors"]:
        paragraphs.append(
            say("The rules are those of the version published; its factors changed as follows.")
        )
    elif any(row["year"] < facts["year"] for row in facts["by_entry"]):
        paragraphs.append(say("No factor differs from that of the year before."))
    changed = [
        [
            namer.name("item", row["item_code"]),
            namer.code(labels.GASES, row["gas"]),
            _span(row["lowest_before"], row["highest_before"]),
            _span(row["lowest_now"], row["highest_now"]),
            namer.name("unit", row["unit"]),
            row["factors_now"],
        ]
        for row in facts["changed_factors"]
    ]
    others = [
        [f"{namer.of(row)} ({row['method']})", row["co2_t"], row["co2e_t"]]
        for row in facts["other_methods"]
    ]
    tables = []
    if changed:
        columns = [
            Column(say("Fuel or product")),
            Column(say("Gas")),
            Column(str(facts["year"] - 1), "text"),
            Column(str(facts["year"]), "text"),
            Column(say("t CO2e per"), "code"),
            Column(say("Factor now"), "code"),
        ]
        tables.append(Table(columns, changed, say("Factors that changed")))
    columns = [
        Column(say("Method")),
        Column(say("t CO2"), "tonnes"),
        Column(say("t CO2e"), "tonnes"),
    ]
    tables.append(Table(columns, others, say("The same park and year by other methods")))
    clauses = [
        [
            row["clause_id"],
            row[f"clause_{namer.lang}"],
            " ".join(filter(None, [row["document_code"], row[f"title_{namer.lang}"]])),
        ]
        for row in facts["clauses"]
    ]
    if clauses:
        columns = [
            Column(say("Clause"), "code"),
            Column(say("What it says")),
            Column(say("Source")),
        ]
        tables.append(Table(columns, clauses, say("Clauses")))
    return Section("methods", say("Method, and changes of method"), paragraphs, tables)


def _span(low: float, high: float) -> str:
    return f"{low:.9g}" if low == high else f"{low:.9g}–{high:.9g}"


def energy(facts: Facts, namer: Namer) -> Section:
    """Energy by carrier."""
    say = namer.say
    rows = [
        [
            namer.name("item", row["item_code"]),
            namer.name("unit", row["unit"]),
            row["bought_quantity"],
            row["used_quantity"],
            row["transformed_quantity"],
            row["made_quantity"],
            row["sold_quantity"],
            row["energy_tce"],
        ]
        for row in facts["energy"]
    ]
    rows.append(
        [say("Total"), *[None] * 6, sum(row["energy_tce"] or 0.0 for row in facts["energy"])]
    )
    columns = [
        Column(say("Carrier")),
        Column(say("Unit")),
        Column(say("Bought"), "quantity"),
        Column(say("Used"), "quantity"),
        Column(say("Transformed"), "quantity"),
        Column(say("Made"), "quantity"),
        Column(say("Sold"), "quantity"),
        Column(say("tce"), "tonnes"),
    ]
    text = say(
        "Electricity at its calorific value, and the energy of what was made taken off: no ratio"
        " with a numerator of another convention may be made of it."
    )
    tables = [Table(columns, rows, totals=1)]
    return Section("energy", say("Energy"), [text], [*_of_account(facts, namer), *tables])


def _of_account(facts: Facts, namer: Namer) -> list[Table]:
    """Energy of the account in both conventions, and CO2 per energy against its bound."""
    if not facts["account"]:
        return []
    say = namer.say
    account = facts["account"][0]
    conventions = [
        [say("Equivalent value"), account["equivalent_energy_tce"], account["supply_tce_per_unit"]],
        [say("Calorific value"), account["calorific_energy_tce"], None],
    ]
    columns = [
        Column(say("Electricity at its")),
        Column(say("tce"), "tonnes"),
        Column(say("tce per MWh supplied"), "factor"),
    ]
    tables = [Table(columns, conventions, say("Energy of the park in both conventions"))]
    ratios = [
        [
            namer.code(labels.REASONS, row["ratio_refusal"] or row["bound_status"]),
            row["basis_energy_tce"],
            row["core_co2_t_per_tce"],
            row["bound_co2_t_per_tce"],
            row["clause_id"],
        ]
        for row in facts["ratio"]
    ]
    if ratios:
        columns = [
            Column(say("Judgement")),
            Column(say("tce"), "tonnes"),
            Column(say("t CO2 per tce"), "factor"),
            Column(say("Bound"), "factor"),
            Column(say("Clause"), "code"),
        ]
        tables.append(Table(columns, ratios, say("CO2 per energy, the core indicator")))
    return tables


def application(facts: Facts, namer: Namer) -> Section | None:
    """The table of three years that an application for a zero-carbon park asks for."""
    if "application" not in facts:
        return None
    say = namer.say
    columns = [
        Column(say("Carrier")),
        Column(say("Unit")),
        Column(say("Bought"), "quantity"),
        Column(say("Self-supplied"), "quantity"),
        Column(say("Sold"), "quantity"),
        Column(say("As fuel"), "quantity"),
        Column(say("Transformed"), "quantity"),
        Column(say("As raw material"), "quantity"),
        Column(say("t CO2"), "tonnes"),
    ]
    told = [
        say(
            "Supply and use of energy and CO2 of three years, as annex 2 of the notice on"
            " zero-carbon parks (2025) asks; electricity in the method's own view."
        )
    ]
    view = facts["views"][0]
    co2: dict[tuple[int, str], float] = {}
    for row in facts["application_co2"]:
        if row["view"] in (None, view) and row["co2_t"] is not None:
            key = (row["year"], row["item_code"])
            co2[key] = co2.get(key, 0.0) + row["co2_t"]
    tables = []
    for year in range(facts["year"] - 2, facts["year"] + 1):
        of_year = [row for row in facts["application"] if row["year"] == year]
        items = dict.fromkeys(
            [row["item_code"] for row in of_year] + [item for y, item in co2 if y == year]
        )
        by_item = {row["item_code"]: row for row in of_year}
        rows: list[list[Any]] = [
            [
                namer.name("item", item),
                namer.name("unit", by_item.get(item, {}).get("unit")),
                *(
                    by_item.get(item, {}).get(name)
                    for name in (
                        "bought_quantity",
                        "self_supplied_quantity",
                        "sold_quantity",
                        "fuel_quantity",
                        "transformed_quantity",
                        "feedstock_quantity",
                    )
                ),
                co2.get((year, item)),
            ]
            for item in items
        ]
        if not rows:
            told.append(say("Nothing was returned of {year}.").format(year=year))
            continue
        rows.append(
            [say("Total"), *[None] * 7, sum(co2[key] for key in sorted(co2) if key[0] == year)]
        )
        tables.append(Table(columns, rows, str(year), totals=1))
    return Section("application", say("Table of three years for the application"), told, tables)
