"""The macro that leads from a score to the landed cells: see `explain_score.sql`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import jinja2

from orchestration.landing.map.catalogue import Dataset, read_datasets, read_rows

TEMPLATE = Path(__file__).with_name("explain_score.sql")
# Which cells each part of a score takes. Energy is read as it counts, from the tables of lineage.
INPUTS = "standards/score_input_rows.csv"
# Whom a row is about, in this order.
SUBJECTS = ("park_id", "region_code")
NULL = "cast(null as varchar)"


@dataclass(frozen=True)
class Form:
    """How the cells of one landed list are read: whom, when and what they are about."""

    dataset: str
    subject: str
    enterprise: str
    year: str
    keys: list[str]
    elements: list[str]
    values: list[str]


def create_explain_score(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macro over the landed lists that the database holds."""
    connection.execute(render(connection))


def render(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the SQL that creates the macro."""
    landed = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = current_database() and schema_name = 'raw'"
        ).fetchall()
    }
    held = [form for form in forms() if form.dataset in landed]
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    text = TEMPLATE.read_text(encoding="utf-8")
    return environment.from_string(text).render(forms=held)


def forms() -> list[Form]:
    """The lists that a score takes cells of, in the order of the catalogue."""
    named = {row["dataset"] for row in read_rows(INPUTS)}
    return [form_of(dataset) for name, dataset in read_datasets().items() if name in named]


def form_of(dataset: Dataset) -> Form:
    """What a row of the list is about, and the columns that are its cells."""
    held = set(dataset.raw_columns)
    if dataset.kind != "records":
        keys = [*dataset.codes, "_column_number"]
        elements = [code for code in dataset.codes if code not in (*SUBJECTS, "year")]
        return Form(dataset.name, "region_code", NULL, _year(held), keys, elements, [])
    keys = [column.name for column in dataset.columns if column.is_key]
    about = [column for column in SUBJECTS if column in keys]
    # A certificate is of a park, but its key is its own.
    subject = f"coalesce({', '.join(about)})" if about else "park_id"
    framing = {*about, "park_id", "enterprise_id", "year"}
    return Form(
        dataset.name,
        subject,
        "enterprise_id" if "enterprise_id" in keys else NULL,
        _year(held),
        keys,
        [name for name in keys if name not in framing],
        [name for name in dataset.raw_columns if name not in {*keys, "note"}],
    )


def _year(held: set[str]) -> str:
    return "cast(year as integer)" if "year" in held else "cast(null as integer)"
