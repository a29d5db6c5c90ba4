"""The facts of a report, once for every format and language: rows of the published version."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import GreenparkError
from orchestration.inventory import uncertainty
from orchestration.landing.map.catalogue import CODE_LISTS, read_datasets, read_rows
from orchestration.likeness import near
from orchestration.publishing.model_schema import WHOLE
from orchestration.serving import query
from orchestration.serving.output import plain

SCHEMA = "greenpark.inventory/1"
FOLDER = Path(__file__).parent
ONE_ROW = ("park", "method_row")
# What only some accounts or versions have; of others these are empty.
OPTIONAL = ("account", "faults", "ratio", "clauses", "stated_boundaries", "requests")
# What a line is made of: its cells, factor and clause, and what these are called.
OF_LINES = frozenset(
    ("activities", "lines", "factors", "cells", "clauses", "sources", "names", "other_methods")
)
THIS_ONE = "where park_id = $park_id and year = $year and method = $method"
BOUNDARIES = (("reference", "park_boundaries"), ("quality", "data_requests"))

# Lists of the forms that lines are of, beside fuels.
ITEM_LISTS = (
    "boundary_kind",
    "statistical_boundary",
    "supply_kind",
    "coal_kind",
    "process_product",
    "process_route",
    "sink_kind",
    "allowance_kind",
)
# A version published before these were there has to be refreshed.
NEEDED = (("reference", "uncertainty_ranges"), (WHOLE, "park_carbon_account"))

Row = dict[str, Any]
Facts = dict[str, Any]


def gather(
    connection: duckdb.DuckDBPyConnection,
    park_id: str,
    year: int,
    method: str,
) -> Facts:
    """All that the report of this park, year and method says.

    Raises GreenparkError, with the nearest ids, for a park, method or year without an account.
    """
    facts = _read(connection, park_id, year, method)
    if not facts["method_row"]["has_application_table"]:
        facts.pop("application", None)
        facts.pop("application_co2", None)
    facts["names"] += _names_of_codes(facts["activities"], facts["stated_boundaries"])
    facts["names"] += _names_of_forms(facts["requests"])
    facts["views"] = _views(facts)
    facts["net_co2e_t"] = {view or "": net(facts, view) for view in facts["views"]}
    facts["uncertainty"] = uncertainty.of_account(facts)
    return plain(facts)


def of_lines(connection: duckdb.DuckDBPyConnection, park_id: str, year: int, method: str) -> Facts:
    """Of what `gather` gives, what the lines of the account rest on."""
    facts = _read(connection, park_id, year, method, OF_LINES)
    facts["names"] += _names_of_codes(facts["activities"], [])
    return plain(facts)


def _read(
    connection: duckdb.DuckDBPyConnection,
    park_id: str,
    year: int,
    method: str,
    wanted: Collection[str] | None = None,
) -> Facts:
    """The parts that are wanted, or all: the result of the query of that name each."""
    asked = {"park_id": park_id, "year": year, "method": method}
    if not _accounts(connection, THIS_ONE, asked):
        raise _no_account(connection, park_id, year, method)
    facts: Facts = {"schema": SCHEMA, **asked, **{name: [] for name in OPTIONAL}}
    files = ["facts.sql"]
    if prepare(connection, asked):
        files.append("facts_of_ledger.sql")
    if all(query.has_table(connection, schema, table) for schema, table in BOUNDARIES):
        files.append("facts_of_boundaries.sql")
    for name, statement in (part for file in files for part in _named(file)):
        if wanted is None or name in wanted:
            rows = _run(connection, statement, asked)
            facts[name] = (rows[0] if rows else {}) if name in ONE_ROW else rows
    return facts


def prepare(connection: duckdb.DuckDBPyConnection, asked: Row) -> bool:
    """Fill the temporary tables of the account; return whether it is one of the ledger."""
    is_ledger = bool(
        query.records(
            connection,
            "select 1 as found from reference.park_methods where method = ?",
            [asked["method"]],
        )
    )
    kind = "ledger" if is_ledger else "methods"
    for name in (f"account_of_{kind}", "listed_elsewhere", f"lines_of_{kind}"):
        text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
        for statement in text.split(";\n"):
            if statement.strip():
                _run(connection, statement, asked)
    return is_ledger


def net(facts: Facts, view: str | None) -> float:
    """The net account in a view of electricity: the lines of the view and those of none."""
    return sum(
        row["co2e_t"]
        for row in facts["by_entry"]
        if row["year"] == facts["year"] and row["is_in_net"] and row["view"] in (None, view)
    )


def canonical(facts: Facts) -> bytes:
    """The facts as the bytes that are signed."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return f"{text}\n".encode()


def content_hash(facts: Facts) -> str:
    """The signature of the report: what `sha256sum` says of the facts as JSON."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def _views(facts: Facts) -> list[str | None]:
    """The views of electricity the account is in, the method's own first; else one without name."""
    of_account = [row["view"] for row in facts["account"]]
    return of_account or [None]


def _names_of_codes(activities: list[Row], stated: list[Row]) -> list[Row]:
    """Names of what is neither fuel, industry nor enterprise: kinds of supply, products, sinks."""
    codes = {row[name] for row in activities for name in ("item_code", "line_detail")}
    codes |= {row[name] for row in stated for name in ("boundary_kind", "statistical_boundary")}
    return [
        {
            "kind": "code",
            "code": row["code"],
            "name_zh": row["label_zh"],
            "name_en": row["label_en"],
        }
        for row in read_rows(CODE_LISTS)
        if row["code_list"] in ITEM_LISTS and row["code"] in codes
    ]


def _names_of_forms(requests: list[Row]) -> list[Row]:
    """Names of the forms and columns that are asked for; a column has its form's name before it."""
    datasets = read_datasets()
    asked = sorted({(row["dataset"], row["column_name"]) for row in requests})
    names = {("form", name): datasets[name] for name, _ in asked if name in datasets} | {
        ("column", f"{name}.{column.name}"): column
        for name, column_name in asked
        if name in datasets
        for column in datasets[name].columns
        if column.name == column_name
    }
    return [
        {"kind": kind, "code": code, "name_zh": named.label_zh, "name_en": named.label_en}
        for (kind, code), named in names.items()
    ]


# --- what there is -------------------------------------------------------------------------------


def _accounts(
    connection: duckdb.DuckDBPyConnection, where: str = "", asked: Row | None = None
) -> list[Row]:
    """The accounts there are, or those that the condition asks for."""
    for schema, table in NEEDED:
        query.need_table(connection, schema, table)
    return _run(
        connection,
        f"""
        with held as (
            select park_id, year, method from {WHOLE}.park_co2_by_method where co2_t is not null
            union
            select park_id, year, method from {WHOLE}.park_carbon_account
        )
        select * from held {where} order by all
        """,
        asked or {},
    )


def _no_account(
    connection: duckdb.DuckDBPyConnection, park_id: str, year: int, method: str
) -> GreenparkError:
    """What there is nearest to an account that there is not."""
    held = _accounts(connection)
    of_park = [row for row in held if row["park_id"] == park_id]
    if not of_park:
        with_account = sorted({row["park_id"] for row in held})
        known = query.records(connection, f"select park_id from {WHOLE}.parks order by 1")
        if park_id in {row["park_id"] for row in known}:
            return GreenparkError(
                f"park {park_id} has no account: nothing it returned is published",
                "hand in its forms: greenpark template park_returns_enterprise_energy",
            )
        ids = sorted({*with_account, *(row["park_id"] for row in known)})
        return GreenparkError(
            f"there is no park {park_id}",
            f"the nearest ids are {_listed(near(park_id, ids) or with_account or ids)}",
        )
    of_method = [row for row in of_park if row["method"] == method]
    if not of_method:
        methods = sorted({row["method"] for row in of_park})
        return GreenparkError(
            f"park {park_id} has no account by method {method}",
            f"the nearest methods are {_listed(near(method, methods) or methods)}",
        )
    years = sorted({row["year"] for row in of_method})
    nearest = sorted(sorted(years, key=lambda held_year: abs(held_year - year))[:3])
    return GreenparkError(
        f"park {park_id} has no account of {year} by method {method}",
        f"the nearest years are {_listed(nearest)}",
    )


def _listed(values: list[Any]) -> str:
    return ", ".join(map(str, values[:5]))


# --- SQL -----------------------------------------------------------------------------------------


def _named(name: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"(?m)^-- name: (\w+)\n", (FOLDER / name).read_text(encoding="utf-8"))
    return zip(parts[1::2], parts[2::2], strict=True)


def _run(connection: duckdb.DuckDBPyConnection, statement: str, asked: Row) -> list[Row]:
    """Run a statement in which `$park_id`, `$year` and `$method` stand for what is asked."""
    order = re.findall(r"\$(\w+)", statement)
    return query.records(
        connection, re.sub(r"\$\w+", "?", statement), [asked[name] for name in order]
    )
