"""The sections about what went in: activity data, gaps, factors, files, sources."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from orchestration.inventory import labels
from orchestration.inventory.document import Column, Section, Table
from orchestration.inventory.facts import Facts
from orchestration.inventory.labels import Namer


def activities(facts: Facts, namer: Namer) -> Section:
    """Activity data, each with its status and the place it was read from."""
    say = namer.say
    counted = Counter(row["status"] for row in facts["activities"])
    missing = len(facts["refused"]) + len(facts["silent"])
    paragraphs = [
        namer.joined(
            *(
                say("{count} {status}").format(
                    count=count, status=namer.code(labels.STATUSES, status)
                )
                for status, count in [*sorted(counted.items()), ("missing", missing)]
            )
        )
    ]
    places = _places(facts)
    rows: list[list[Any]] = [
        [
            row["activity_no"],
            namer.code(labels.ENTRIES, row["entry"]),
            namer.name("enterprise", row["enterprise_id"]),
            namer.item(row),
            row["quantity"],
            namer.name("unit", row["unit"]),
            namer.code(labels.STATUSES, row["status"]),
            row["relative_half_range"],
            places.get(row["activity_no"], ""),
        ]
        for row in facts["activities"]
    ]
    columns = [
        Column(say("No."), "whole"),
        Column(say("Entry")),
        Column(say("Enterprise")),
        Column(say("Fuel or product")),
        Column(say("Quantity"), "quantity"),
        Column(say("Unit")),
        Column(say("Status")),
        Column(say("± share"), "share"),
        Column(say("File: rows"), "code"),
    ]
    return Section("activities", say("Activity data"), paragraphs, [Table(columns, rows)])


def _places(facts: Facts) -> dict[int, str]:
    """Activity -> the rows it was read from, by the number of the file."""
    numbers = {row["file_name"]: number for number, row in enumerate(facts["files"], start=1)}
    rows: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for cell in facts["cells"]:
        file = f"{numbers.get(cell['file_name'], cell['file_name'])} {cell['sheet_name'] or ''}"
        rows[cell["activity_no"]][file.rstrip()].add(cell["row_number"])
    return {
        activity: "; ".join(
            f"{file}: {', '.join(map(str, sorted(found)))}" for file, found in sorted(files.items())
        )
        for activity, files in rows.items()
    }


def gaps(facts: Facts, namer: Namer) -> Section:
    """What is missing: refused cells, enterprises that returned nothing, what does not count."""
    say = namer.say
    paragraphs, tables = [], []
    if facts["refused"]:
        refused = [
            [
                f"{row['file_name']} {row['sheet_name'] or ''}".rstrip(),
                row["row_number"],
                row["column_name"],
                row["raw_value"],
                row["message_zh" if namer.lang == "zh" else "message"],
            ]
            for row in facts["refused"]
        ]
        columns = [
            Column(say("File"), "code"),
            Column(say("Row"), "whole"),
            Column(say("Column")),
            Column(say("Printed"), "code"),
            Column(say("Why refused")),
        ]
        tables.append(Table(columns, refused, say("Cells that were refused")))
    if facts["silent"]:
        silent = [[row["enterprise_id"], row["name_zh"]] for row in facts["silent"]]
        columns = [Column(say("Enterprise"), "code"), Column(say("Name"))]
        tables.append(Table(columns, silent, say("Enterprises that returned no energy")))
    if any(row["status"] != "have" for row in facts["requests"]):
        tables.append(_requests(facts, namer))
    if facts["not_counted"]:
        left_out = [
            [
                namer.name("enterprise", row["enterprise_id"]),
                namer.name("item", row["item_code"]),
                namer.code(labels.REASONS, row["columns"]),
            ]
            for row in facts["not_counted"]
        ]
        columns = [
            Column(say("Enterprise")),
            Column(say("Fuel or product")),
            Column(say("Columns, or why"), "code"),
        ]
        tables.append(Table(columns, left_out, say("Returned, but not counted by the method")))
    if facts["faults"]:
        faults: list[list[Any]] = [
            [
                namer.code(labels.REASONS, row["cause"]),
                namer.code(labels.ENTRIES, row["entry"]),
                namer.name("enterprise", row["enterprise_id"]),
                namer.name("item", row["item_code"]),
                row["sign"] * row["quantity"] if row["quantity"] is not None else None,
                namer.name("unit", row["unit"]),
                row["balance_co2_t"],
            ]
            for row in facts["faults"]
        ]
        columns = [
            Column(say("Cause")),
            Column(say("Entry")),
            Column(say("Enterprise")),
            Column(say("Fuel or product")),
            Column(say("Quantity"), "quantity"),
            Column(say("Unit")),
            Column(say("Balance, t CO2"), "tonnes"),
        ]
        tables.append(Table(columns, faults, say("Lines that the account cannot rest on")))
    if not tables:
        paragraphs.append(say("Nothing that was asked for is missing."))
    return Section("gaps", say("Missing data"), paragraphs, tables)


def _requests(facts: Facts, namer: Namer) -> Table:
    """What is asked for, what an answer narrows most first."""
    say = namer.say
    rows: list[list[Any]] = [
        [
            namer.name("form", row["dataset"]),
            namer.name("column", f"{row['dataset']}.{row['column_name']}"),
            namer.code(labels.STATUSES, row["status"]),
            row[f"owning_department_{namer.lang}"],
            row["missing_count"],
            row["co2_width_t"],
        ]
        for row in facts["requests"]
        if row["status"] != "have"
    ]
    columns = [
        Column(say("Form")),
        Column(say("Column")),
        Column(say("Status")),
        Column(say("Department")),
        Column(say("Missing"), "whole"),
        Column(say("Width, t CO2"), "tonnes"),
    ]
    return Table(columns, rows, say("What is asked for, the widest first"))


def factors(facts: Facts, namer: Namer) -> Section:
    """Factors with what they are made of and where they are from."""
    say = namer.say
    rows: list[list[Any]] = [
        [
            row["factor_id"],
            namer.name("item", row["item_code"]),
            namer.code(labels.GASES, row["gas"]),
            row["factor_value"],
            namer.name("unit", row["unit"]),
            row["ncv_gj_per_unit"] if row["gas"] == "co2" else None,
            row["carbon_content_tc_per_gj"] if row["gas"] == "co2" else None,
            row["oxidation_rate"] if row["gas"] == "co2" else None,
            namer.code(labels.ORIGINS, row["origin"]),
            row["source_id"],
        ]
        for row in facts["factors"]
    ]
    columns = [
        Column(say("Factor"), "code"),
        Column(say("Fuel or product")),
        Column(say("Gas")),
        Column(say("t CO2e per unit"), "factor"),
        Column(say("Unit")),
        Column(say("GJ per printed unit"), "factor"),
        Column(say("t C per GJ"), "factor"),
        Column(say("Oxidation"), "factor"),
        Column(say("Origin")),
        Column(say("Source"), "code"),
    ]
    return Section("factors", say("Factors"), [], [Table(columns, rows)])


def trace(facts: Facts, namer: Namer) -> Section:
    """The files that were read, and how to follow a line to them."""
    say = namer.say
    rows = [
        [number, row["file_name"], row["dataset"], row["source_id"], row["file_sha256"]]
        for number, row in enumerate(facts["files"], start=1)
    ]
    columns = [
        Column(say("No."), "whole"),
        Column(say("File"), "code"),
        Column(say("Form"), "code"),
        Column(say("Source"), "code"),
        Column("SHA-256", "code"),
    ]
    command = (
        f"greenpark explain --park {facts['park_id']} --year {facts['year']}"
        f" --method {facts['method']}"
    )
    text = say(
        "Every cell is in the workbook, with file, row and column; so it is by this command:"
        " {command}"
    ).format(command=command)
    return Section("trace", say("Files"), [text], [Table(columns, rows)])


def sources(facts: Facts, namer: Namer) -> Section:
    """Publications that data, factors and ranges are from."""
    say = namer.say
    rows = [
        [
            row["source_id"],
            row[f"title_{namer.lang}"] or row["title_zh"],
            row["publisher"],
            str(row["edition_year"] or ""),
            say(row["url_or_citation"]),
        ]
        for row in facts["sources"]
    ]
    columns = [
        Column(say("Source"), "code"),
        Column(say("Title")),
        Column(say("Publisher")),
        Column(say("Year")),
        Column(say("Citation"), "code"),
    ]
    return Section("sources", say("Sources"), [], [Table(columns, rows)])
