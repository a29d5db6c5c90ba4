"""Why accounts of parks differ between two versions: one query, and the macro that asks it.

`attach 'OLDER.duckdb' as older (read_only); from quality.restatement('older')` compares the file
that is open with another; `greenpark restatement` compares any two versions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import jinja2

from orchestration.publishing.model_schema import WHOLE

SQL = Path(__file__).with_suffix(".sql")


def render(
    of: Callable[[str, str], str], schemas: Mapping[str, str], ledgers: Mapping[str, str]
) -> str:
    """Return the query. `of(side, table)` is the table of a version in the SQL of the caller;
    `schemas` and `ledgers` say where each side has its accounts, `ledgers` is empty without them.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    text = SQL.read_text(encoding="utf-8")
    return environment.from_string(text).render(of=of, schemas=schemas, ledgers=ledgers)


def create_restatement(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macro over the accounts of the database and those of one attached beside it."""
    schemas = {"before": WHOLE, "after": WHOLE}

    def of(side: str, table: str) -> str:
        return table if side == "after" else f"query_table(older || '.{table}')"

    sql = render(of, schemas, schemas)
    connection.execute(f"create or replace macro quality.restatement(older) as table {sql}")
