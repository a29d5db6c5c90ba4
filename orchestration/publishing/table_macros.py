"""Table macros of the published file: what the models compute, on any table of the reader's own.

Their SQL is that of the dbt macros in the folders below, which use no more than Jinja.
"""

from __future__ import annotations

import functools
from typing import Any

import duckdb
import jinja2

from orchestration.settings import PROJECT_ROOT

MACROS = PROJECT_ROOT / "dbt_project" / "macros"
FOLDERS = ("drivers", "evaluation", "parks")

# name -> (parameters, the dbt macro, its arguments)
TABLE_MACROS: dict[str, tuple[str, str, list[Any]]] = {
    "indicators.lmdi": ("factors", "lmdi", ["query_table(factors)"]),
    "indicators.lmdi_by_category": (
        "factors",
        "lmdi",
        ["query_table(factors)", ["entity", "period"], True],
    ),
    "indicators.lmdi_between": (
        "levels, first_year, last_year",
        "lmdi_between",
        ["query_table(levels)", "first_year", "last_year"],
    ),
    "indicators.coupling": ("points", "coupling", ["query_table(points)"]),
    "indicators.evaluate": ("points", "evaluate", ["query_table(points)"]),
    "indicators.compare_parks": (
        "a, b, points := 'indicators.park_points'",
        "compare_parks",
        ["query_table(points)", "one.park_id = a and other.park_id = b"],
    ),
    "indicators.find_park": (
        "name, parks := 'indicators.park_latest', model_parks := 'model.park_latest'",
        "find_park",
        ["query_table(parks)", "query_table(model_parks)", "name"],
    ),
    "indicators.find_city": (
        "name, regions := 'reference.regions', cities := 'indicators.city_year',"
        " model_cities := 'model.city_year'",
        "find_city",
        ["query_table(regions)", "query_table(cities)", "query_table(model_cities)", "name"],
    ),
    "indicators.mann_kendall": ("series", "mann_kendall", ["query_table(series)"]),
}


def text_of_macros() -> str:
    """The dbt macros of the folders, all of them."""
    return "".join(
        path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in sorted((MACROS / folder).glob("*.sql"))
    )


def render(macro: str, *arguments: Any) -> str:
    """Return the SQL that a dbt macro of one of the folders writes."""
    return str(getattr(_module(text_of_macros()), macro)(*arguments)).strip()


@functools.cache
def _module(text: str) -> Any:
    """The macros of a text, compiled once: that takes a third of a second."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    return environment.from_string(text).module


def create_table_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every table macro in the database the connection has open."""
    for name, (parameters, macro, arguments) in TABLE_MACROS.items():
        sql = render(macro, *arguments)
        connection.execute(f"create or replace macro {name}({parameters}) as table {sql}")
