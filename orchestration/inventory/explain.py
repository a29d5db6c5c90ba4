"""From a line of a park's account to the returned cells, the factor and the clause it rests on."""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.errors import GreenparkError
from orchestration.inventory import labels
from orchestration.inventory.facts import Facts, Row, of_lines
from orchestration.inventory.labels import Namer
from orchestration.serving import output


def select(
    connection: duckdb.DuckDBPyConnection,
    park_id: str,
    year: int,
    method: str,
    enterprise_id: str | None = None,
    line_no: int | None = None,
) -> tuple[Facts, list[Row]]:
    """The lines of the account, each with its cells, factor and clause; and the facts they are of.

    Raises GreenparkError, with what there is, where the account has no such line.
    """
    facts = of_lines(connection, park_id, year, method)
    activities = {row["activity_no"]: row for row in facts["activities"]}
    factors = {row["factor_key"]: row for row in facts["factors"]}
    clauses = {row["clause_id"]: row for row in facts["clauses"]}
    sources = {row["source_id"]: row for row in facts["sources"]}
    cells: dict[int, list[Row]] = {}
    for cell in facts["cells"]:
        cells.setdefault(cell["activity_no"], []).append(cell)
    lines = [
        line
        | {
            "quantity": activities[line["activity_no"]]["quantity"],
            "status": activities[line["activity_no"]]["status"],
            "cells": cells.get(line["activity_no"], []),
            "factor": factors[line["factor_key"]],
            "factor_source": sources.get(factors[line["factor_key"]]["source_id"]),
            "clause": clauses.get(line["clause_id"]),
        }
        for line in facts["lines"]
        if enterprise_id in (None, line["enterprise_id"]) and line_no in (None, line["line_no"])
    ]
    if not lines:
        numbers = [line["line_no"] for line in facts["lines"]]
        raise GreenparkError(
            f"the account of park {park_id} in {year} by {method} has no such line",
            f"its lines are {numbers[0]} to {numbers[-1]}; leave out --line and --enterprise",
        )
    return facts, lines


def render(facts: Facts, lines: list[Row], lang: str, width: int | None) -> str:
    """One line in full, several as a table."""
    namer = Namer(lang, facts["names"])
    if len(lines) == 1:
        return _in_full(lines[0], namer, width)
    say = namer.say
    rows = [
        [
            line["line_no"],
            namer.code(labels.ENTRIES, line["entry"]),
            namer.code(labels.VIEWS, line["view"]) if line["view"] else "",
            line["enterprise_id"] or "",
            namer.item(line),
            namer.code(labels.GASES, line["gas"]),
            output.number(line["co2e_t"]),
            line["factor"]["source_id"] or "",
            line["clause_id"] or "",
            _first_cell(line["cells"]),
        ]
        for line in lines
    ]
    columns = say.each(
        "Line",
        "Entry",
        "View",
        "Enterprise",
        "Fuel or product",
        "Gas",
        "t CO2e",
        "Source",
        "Clause",
        "File: row: column",
    )
    others = [row["method"] for row in facts["other_methods"] if row["method"] != facts["method"]]
    told = [
        say("{park} {year} {method}: {count} lines; --line N shows one in full.").format(
            park=facts["park_id"],
            year=facts["year"],
            method=facts["method"],
            count=len(lines),
        ),
        say("Other methods of this park: {methods}.").format(methods=say(", ").join(others)),
    ]
    return output.table(columns, rows, width) + _folded(told if others else told[:1], width)


def _first_cell(cells: list[Row]) -> str:
    if not cells:
        return ""
    first = cells[0]
    more = f" +{len(cells) - 1}" if len(cells) > 1 else ""
    return f"{_file(first)}: {first['row_number']}: {first['column_name']}{more}"


def _file(cell: Row) -> str:
    return f"{cell['file_name']} {cell['sheet_name'] or ''}".rstrip()


def _in_full(line: Row, namer: Namer, width: int | None) -> str:
    say, factor = namer.say, line["factor"]
    names = [
        namer.code(labels.ENTRIES, line["entry"]),
        namer.code(labels.VIEWS, line["view"]) if line["view"] else "",
        namer.name("enterprise", line["enterprise_id"]),
        namer.item(line),
        namer.code(labels.GASES, line["gas"]),
    ]
    sign = "-" if line["sign"] < 0 else ""
    unit = namer.name("unit", line["unit"])
    told = [
        f"{say('Line')} {line['line_no']}: {' / '.join(name for name in names if name)}",
        f"  {output.number(line['co2e_t'])} t CO2e = {sign}{output.number(line['quantity'])}"
        f" {unit} × {output.number(line['factor_value'])} t CO2e/{unit}"
        f"  ({namer.code(labels.ORIGINS, line['origin'])},"
        f" {namer.code(labels.STATUSES, line['status'])})",
        f"  {say('factor')} {factor['factor_id'] or ''}{_made_of(factor)}",
    ]
    if source := line["factor_source"]:
        told.append(f"    {source[f'title_{namer.lang}']}: {say(source['url_or_citation'])}")
    if clause := line["clause"]:
        said = clause[f"clause_{namer.lang}"]
        document = " ".join(filter(None, [clause[f"title_{namer.lang}"], clause["address"]]))
        told.append(f"  {say('Clause')} {clause['clause_id']}: {said} ({document})")
    if not line["cells"]:
        told.append(f"  {say('no cell of a form is known to make it')}")
        return _folded(told, width)
    if not all(cell["makes_quantity"] for cell in line["cells"]):
        told.append(f"  {say('the cells below belong to it, but do not add up to it')}")
    rows: list[list[Any]] = [
        [
            _file(cell),
            cell["row_number"],
            cell["column_name"],
            cell["value_text"],
            cell["unit_label"],
            output.number(cell["weight"]),
            cell["source_id"],
        ]
        for cell in line["cells"]
    ]
    columns = say.each("file", "row", "column", "printed", "unit", "weight", "source")
    closing = say("Files are below seeds/raw, or below the folder given with --data.")
    return f"{_folded(told, width)}{output.table(columns, rows, width)}{_folded([closing], width)}"


def _folded(lines: list[str], width: int | None) -> str:
    return "".join(f"{part}\n" for line in lines for part in output.fold_indented(line, width))


def _made_of(factor: Row) -> str:
    parts = (
        factor["ncv_gj_per_unit"],
        factor["carbon_content_tc_per_gj"],
        factor["oxidation_rate"],
    )
    if factor["gas"] != "co2" or None in parts:
        return ""
    ncv, carbon, oxidation = map(output.number, parts)
    return f" = {ncv} GJ/{factor['printed_unit']} × {carbon} t C/GJ × {oxidation} × 44/12"
