"""The SQL of gates and of dbt tests, to run on small tables of a test's own."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import duckdb
import jinja2

from expectations.discovery import SuiteContext, find_suites
from expectations.thresholds import threshold
from orchestration.settings import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"
MACROS = ("tolerance.sql", "drivers/lmdi_between.sql")


@functools.cache
def gate_queries() -> Mapping[str, str]:
    """The query of every rule of gate `marts` that looks for rows, with `{batch}` in it."""
    return {
        rule_id: expectation.unexpected_rows_query
        for suite in find_suites("marts")
        for rule_id, expectation in suite.expectations(SuiteContext.complete())
        if hasattr(expectation, "unexpected_rows_query")
    }


def rows_of_gate(connection: duckdb.DuckDBPyConnection, rule_id: str, table: str) -> list[tuple]:
    """What a rule finds in `table`."""
    return connection.execute(gate_queries()[rule_id].format(batch=table)).fetchall()


@functools.cache
def dbt_test(name: str) -> str:
    """The SQL of a singular dbt test; a ref is a table of the model's name."""
    text = "".join((DBT / "macros" / path).read_text(encoding="utf-8") for path in MACROS)
    (path,) = Path(DBT / "tests").rglob(f"{name}.sql")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.globals |= {
        "ref": lambda model: model,
        "config": lambda **settings: "",
        "threshold": lambda threshold_id: repr(threshold(threshold_id)),
    }
    return environment.from_string(text + path.read_text(encoding="utf-8")).render()
