"""Schema `model`: rows of reconstructed cities, parks and enterprises, out of the plain tables.

What each table is split by is in `reference.model_tables`, where the data of a subject come from in
`quality.subject_origins`. A table with rows of both kinds moves to `all_levels`; its plain name and
that in `model` are views of one part each.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import literal

WHOLE = "all_levels"
MODEL = "model"
# The tables of contract 2 that contract 3 changed: with the rows of both parts where split, with
# the old names of columns where renamed.
BEFORE = "v2"
CHANGED = Path(__file__).with_name("contract_v2.csv")
MODEL_ORIGIN = "reconstructed"
TYPE_OF_COLUMN = {
    "park_id": "park",
    "other_park_id": "park",
    "region_code": "region",
    "city_code": "region",
}
# What a comment says after the description of the table: its first line is Chinese, its second not.
NOTES = {
    "plain": (
        "；数据由重构而来的对象不在此表，见 model.{table}",
        " Subjects whose data are reconstructed are not in it: see model.{table}.",
    ),
    MODEL: (
        "；模型：只有数据由重构而来的城市、园区和企业",
        " The model: only cities, parks and enterprises whose data are reconstructed.",
    ),
    WHOLE: (
        "；模型的行与其他行在一起",
        " Rows of the model among the others.",
    ),
}


@dataclass(frozen=True)
class SplitTable:
    """One row of `reference.model_tables`."""

    schema_name: str
    table_name: str
    subject_columns: str
    year_columns: str
    has_origin: bool
    has_money: bool
    sums_up: str
    split_by: str
    has_twin: bool
    is_view: bool

    @property
    def plain(self) -> str:
        """The plain name, with its schema."""
        return f"{self.schema_name}.{self.table_name}"

    @property
    def is_moved(self) -> bool:
        """Whether its rows of both kinds stand in a table of `all_levels`."""
        return self.has_twin and not self.is_view

    def part(self, whole: str, *, of_model: bool) -> str:
        """The query for the rows of a query that are of the model, or for the others."""
        return (
            f"select * from ({whole}) as part where {'' if of_model else 'not '}{self.condition()}"
        )

    def condition(self) -> str:
        """SQL that is true of a row, `part`, of a reconstructed subject, and else false."""
        columns = self.subject_columns.split("|") if self.subject_columns else []
        if self.sums_up:
            whose = [f"held.subject_type = '{self.sums_up}'"]
            if "region_code" in columns:
                whose.append("held.province_code = part.region_code")
            found = self._is_reconstructed(" and ".join(whose))
        else:
            found = " or ".join(self._is_reconstructed(_is_subject(column)) for column in columns)
        if self.has_origin:
            found = f"part.origin is not distinct from '{MODEL_ORIGIN}' and ({found})"
        return f"({found})"

    def _is_reconstructed(self, whose: str) -> str:
        """By the years of the row if any of them is held, else by all years of the subject."""
        held = f"select 1 from quality.subject_origins as held where {whose}"
        reconstructed = f"held.origin = '{MODEL_ORIGIN}'"
        if not self.year_columns:
            return f"exists ({held} and {reconstructed})"
        years = ", ".join(f"part.{column}" for column in self.year_columns.split("|"))
        facts = "'energy', 'economy'" if self.has_money else "'energy'"
        within = (
            f"held.fact in ({facts}) and held.year between least({years}) and greatest({years})"
        )
        return (
            f"exists ({held} and {reconstructed} and {within})"
            f" or (exists ({held} and {reconstructed}) and not exists ({held} and {within}))"
        )


def _is_subject(column: str) -> str:
    if column == "entity":
        return "held.subject_code = split_part(part.entity, '/', 1)"
    return f"held.subject_type = '{TYPE_OF_COLUMN[column]}' and held.subject_code = part.{column}"


def create_parts(
    connection: duckdb.DuckDBPyConnection,
    tables: list[SplitTable],
    views: Mapping[str, str],
    comments: Mapping[str, str],
) -> None:
    """Take the rows of reconstructed subjects out of every plain table.

    The tables that have both stand in `all_levels` already, described; `views` are the queries of
    the marts that are views, `comments` what is said of each mart, both by its plain name. A
    transaction around it saves seconds.
    """
    changed = changed_tables()
    for schema in (MODEL, BEFORE):
        connection.execute(f"create schema {schema}")
    moved = {table.plain: f"select * from {_whole(table)}" for table in tables if table.is_moved}
    wholes = moved | {name: reread(connection, sql, moved) for name, sql in views.items()}
    wholes_before = {name: f"from {name}" for name in changed}
    inputs = {table.plain: table.part(f"from {table.plain}", of_model=False) for table in tables}
    for table in tables:
        if table.has_twin:
            whole = wholes[table.plain]
            parts = {
                table.schema_name: reread(connection, views[table.plain], inputs)
                if table.split_by == "inputs"
                else table.part(whole, of_model=False),
                MODEL: table.part(whole, of_model=True),
            }
            for schema, sql in parts.items():
                name = f"{schema}.{table.table_name}"
                connection.execute(f"create or replace view {name} as {sql}")
                _comment(connection, "view", schema, table, comments)
            if table.plain in changed:
                wholes_before[table.plain] = whole
    for name, whole in wholes_before.items():
        old = f"{BEFORE}.{name.split('.')[1]}"
        columns = ", ".join(f"{column} as {other}" for column, other in changed[name])
        select = f"select * rename ({columns}) from ({whole}) as whole" if columns else whole
        connection.execute(f"create view {old} as {select}")
    for name in sorted(views.keys() - {table.plain for table in tables}):
        connection.execute(f"create or replace view {name} as {wholes[name]}")
        connection.execute(f"comment on view {name} is {literal(comments[name])}")


def changed_tables() -> dict[str, list[tuple[str, str]]]:
    """By table, the columns that contract 2 called otherwise: the name and the old one."""
    found: dict[str, list[tuple[str, str]]] = {}
    with CHANGED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            renamed = found.setdefault(f"{row['schema_name']}.{row['table_name']}", [])
            if row["old_name"]:
                renamed.append((row["column_name"], row["old_name"]))
    return found


def _whole(table: SplitTable) -> str:
    return f"{WHOLE}.{table.table_name}"


def read_tables(
    connection: duckdb.DuckDBPyConnection, source: str = "reference.model_tables"
) -> list[SplitTable]:
    """The tables that have rows of regions or parks."""
    cursor = connection.execute(f"select * from {source} order by all")
    names = [column[0] for column in cursor.description]
    return [SplitTable(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _comment(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    schema: str,
    table: SplitTable,
    comments: Mapping[str, str],
) -> None:
    text = literal(described(table, schema, comments[table.plain]))
    connection.execute(f"comment on {kind} {schema}.{table.table_name} is {text}")


def described(table: SplitTable, schema: str, comment: str) -> str:
    """What is said of a part: the words of the mart, and which part it is."""
    lines = comment.strip().splitlines()
    for place, note in enumerate(NOTES["plain" if schema == table.schema_name else schema]):
        lines[place] += note.format(table=table.table_name)
    return "\n".join(lines)


def without_note(line: str, table: str) -> str:
    """A line of `described` without which part it is."""
    for note in (note for notes in NOTES.values() for note in notes):
        line = line.removesuffix(note.format(table=table))
    return line


def reread(connection: duckdb.DuckDBPyConnection, sql: str, queries: Mapping[str, str]) -> str:
    """A query that reads other queries in place of tables, by `schema.table`."""
    tree = _parsed(connection, sql)
    _replace(connection, tree, queries)
    (found,) = connection.execute(
        "select json_deserialize_sql($1::json)", [json.dumps(tree)]
    ).fetchall()
    return str(found[0])


def _parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    (found,) = connection.execute("select json_serialize_sql($1::varchar)", [sql]).fetchall()
    return json.loads(found[0])


def _replace(connection: duckdb.DuckDBPyConnection, node: Any, queries: Mapping[str, str]) -> None:
    """Put the query in the place of each table of the tree that has one."""
    for item in node.values() if isinstance(node, dict) else node:
        if not isinstance(item, dict | list):
            continue
        if isinstance(item, dict) and (query := queries.get(_table_of(item))):
            alias = item["alias"] or item["table_name"]
            select = _parsed(connection, f"select * from ({query}) as {alias}")
            item.clear()
            item.update(select["statements"][0]["node"]["from_table"])
        else:
            _replace(connection, item, queries)


def _table_of(item: Mapping[str, Any]) -> str:
    is_table = item.get("type") == "BASE_TABLE"
    return f"{item['schema_name']}.{item['table_name']}" if is_table else ""
