"""Why accounts differ between two published versions: data, factor, rule or boundary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import jinja2

from orchestration.database import literal
from orchestration.errors import GreenparkError
from orchestration.publishing import releases
from orchestration.publishing.model_schema import WHOLE
from orchestration.serving import query
from orchestration.settings import DATABASE_NAME

if TYPE_CHECKING:
    from orchestration.publishing.releases import Version
    from orchestration.settings import Home

SQL = Path(__file__).with_suffix(".sql")
# What the lineage has to have; versions published before the boundaries have none of it.
NEEDED = ("rule_weight", "member_share")
SELECT = """
    select * from restatement
    where (? is null or park_id = ?) and (? is null or method = ?)
        and (before_co2_t <> after_co2_t or data_co2_t <> 0 or factor_co2_t <> 0
            or rule_co2_t <> 0 or boundary_co2_t <> 0)
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
        else next((v for v in found if v.published_at < newer.published_at), None)
    )
    if older is None:
        raise GreenparkError(
            f"no version was published before {newer.version}", "name two versions"
        )
    return older, newer


def compute(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `restatement` from the databases attached as `before` and `after`."""
    sql = jinja2.Environment(autoescape=False).from_string(SQL.read_text(encoding="utf-8"))
    schemas = {side: _schema_of_accounts(connection, side) for side in ("before", "after")}
    connection.execute(sql.render(schemas=schemas))


def _schema_of_accounts(connection: duckdb.DuckDBPyConnection, side: str) -> str:
    """Where the accounts of all parks are: before contract 3 the plain table had them."""
    found = query.records(
        connection,
        "select 1 as found from duckdb_tables() where database_name = ? "
        "and schema_name = ? and table_name = 'park_co2_by_method'",
        [side, WHOLE],
    )
    return WHOLE if found else "emissions"


def read(
    older: Version, newer: Version, park: str | None, method: str | None
) -> tuple[Sequence[str], list[tuple[object, ...]]]:
    """The accounts that differ, with the causes: columns and rows. Raises GreenparkError."""
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
