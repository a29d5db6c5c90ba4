"""Why accounts differ between two published versions: data, factor, rule or boundary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb

from orchestration.database import literal
from orchestration.errors import GreenparkError
from orchestration.publishing import releases
from orchestration.publishing.model_schema import WHOLE
from orchestration.publishing.restatement import render
from orchestration.serving import query
from orchestration.settings import DATABASE_NAME

if TYPE_CHECKING:
    from orchestration.publishing.releases import Version
    from orchestration.settings import Home

# What the lineage has to have; versions published before the boundaries have none of it.
NEEDED = ("rule_weight", "member_share")
SELECT = """
    select * from restatement
    where (? is null or park_id = ?) and (? is null or method = ?)
        and (before_t <> after_t or data_t <> 0 or factor_t <> 0 or rule_t <> 0
            or boundary_t <> 0)
    order by park_id, year, method, electricity_view
"""


def versions(home: Home, before: str | None, after: str | None) -> tuple[Version, Version]:
    """The two versions named; by default the current one and the one published before it."""
    found = releases.versions(home)
    newer = _version(found, after) if after else next((v for v in found if v.is_current), None)
    if newer is None:
        raise GreenparkError("nothing is published yet", "run greenpark refresh")
    older = (
        _version(found, before)
        if before
        else next(iter(found[found.index(newer) + 1 :]), None)  # by their sequence, no clock
    )
    if older is None:
        raise GreenparkError(
            f"no version was published before {newer.version}", "name two versions"
        )
    return older, newer


def compute(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `restatement` from the databases attached as `before` and `after`.

    Accounts of the ledger are in it where both versions have one.
    """
    sides = ("before", "after")
    schemas = {
        side: _schema_of(connection, side, "park_co2_by_method") or "emissions" for side in sides
    }
    found = {side: _schema_of(connection, side, "park_carbon_ledger") for side in sides}
    ledgers = {side: schema for side, schema in found.items() if schema}
    sql = render(
        lambda side, table: f"{side}.{table}",
        schemas,
        ledgers if len(ledgers) == len(sides) else {},
    )
    connection.execute(f"create or replace temporary table restatement as {sql}")


def _schema_of(connection: duckdb.DuckDBPyConnection, side: str, table: str) -> str | None:
    """Where the rows of all parks are: before contract 3 the plain table had them."""
    found = query.records(
        connection,
        "select schema_name from duckdb_tables() where database_name = ? and table_name = ? "
        "and schema_name in (?, 'emissions') order by schema_name = ? desc",
        [side, table, WHOLE, WHOLE],
    )
    return str(found[0]["schema_name"]) if found else None


def read(
    older: Version, newer: Version, park: str | None, method: str | None
) -> tuple[Sequence[str], list[tuple[object, ...]]]:
    """The accounts that differ, with the causes: columns and rows. Raises GreenparkError.

    Accounts of methods are in t CO2, those of the ledger, one a view, in t CO2e.
    """
    with duckdb.connect() as connection:
        for side, version in (("before", older), ("after", newer)):
            database = literal(version.path / DATABASE_NAME)
            connection.execute(f"attach {database} as {side} (read_only)")
            columns = query.records(
                connection,
                "select column_name from duckdb_columns() where database_name = ? "
                "and schema_name = 'quality' and table_name = 'emission_lineage'",
                [side],
            )
            if not {row["column_name"] for row in columns}.issuperset(NEEDED):
                raise GreenparkError(
                    f"version {version.version} does not say what its accounts were made of",
                    "name two versions that a newer greenpark published",
                )
        compute(connection)
        result = query.run(connection, _filled(park, method))
        return result.columns, list(result.rows)


def _filled(park: str | None, method: str | None) -> str:
    given = (park, park, method, method)
    texts = ["null" if text is None else literal(text) for text in given]
    parts = SELECT.split("?")
    return "".join(part + text for part, text in zip(parts, [*texts, ""], strict=True))


def _version(found: Sequence[Version], name: str) -> Version:
    chosen = next((version for version in found if version.version == name), None)
    if chosen is None:
        raise GreenparkError(
            f"there is no version {name}", "name one that is listed by `greenpark versions`"
        )
    return chosen
