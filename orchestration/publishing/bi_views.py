"""Schema `bi`: views for tools, from the rows of `reference.bi_views`.

Each has one level and one method, the names of its codes beside them, and a twin whose columns are
named in Chinese with their units. They name schemas alone, so that they can be read where the file
is attached under another name.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration.database import literal
from orchestration.publishing.model_schema import MODEL
from orchestration.publishing.names import COMMENT
from orchestration.settings import PROJECT_ROOT

CODE_COLUMNS = PROJECT_ROOT / "seeds" / "reference" / "catalog" / "code_columns.csv"
SCHEMA = "bi"
MARK = "is_model"
LANGUAGES = ("zh", "en")
DEFAULT_METHOD = "{default_method}"


@dataclass(frozen=True)
class Column:
    """A column of a view: its SQL, its name in the Chinese twin, and what its comment says."""

    name: str
    sql: str
    heading_zh: str
    comment: str
    code: str  # the column whose codes it names, or itself

    @property
    def is_name(self) -> bool:
        """Whether it has what the codes of another column are called."""
        return self.code != self.name


@dataclass(frozen=True)
class View:
    """One row of `reference.bi_views`."""

    bi_view: str
    name_zh: str
    schema_name: str
    table_name: str
    has_model: bool
    filters: str | None
    region_level: str | None
    description_zh: str
    description_en: str

    def rows(self) -> str:
        """The rows of the table it reads, marked if rows of the model are among them."""
        if not self.has_model:
            return f"{self.schema_name}.{self.table_name}"
        parts = ((self.schema_name, "false"), (MODEL, "true"))
        union = " union all ".join(
            f"select *, {mark} as {MARK} from {schema}.{self.table_name}" for schema, mark in parts
        )
        return f"({union})"

    def condition(self, default_method: str) -> str:
        """SQL that its rows fulfil; empty if it has all."""
        wanted = [pair.split("=", 1) for pair in (self.filters or "").split("|") if pair]
        said = [
            f"rows.{column}::varchar = {literal(value.replace(DEFAULT_METHOD, default_method))}"
            for column, value in wanted
        ]
        if self.region_level:
            said.append(
                "rows.region_code in (select regions.region_code from reference.regions as regions"
                f" where regions.level = {literal(self.region_level)})"
            )
        return f" where {' and '.join(said)}" if said else ""


def create_bi_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every view of schema `bi` and its Chinese twin, and describe the twin's columns.

    Inside a transaction: a commit for each view takes seconds. The columns of the views
    themselves are described as all columns of the dictionary are.
    """
    cursor = connection.execute("select * from reference.bi_views order by all")
    names = [column[0] for column in cursor.description]
    views = [View(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    ((default_method,),) = connection.execute(
        "select method from reference.methods where is_default"
    ).fetchall()
    # Of the rows that dbt had, not of reference.codes: a column whose codes nobody uses has none
    # there, and the dictionary promises its names all the same.
    with CODE_COLUMNS.open(encoding="utf-8", newline="") as file:
        codes = {row["column_name"]: row["name_column"] for row in csv.DictReader(file)}
    said = [f"create schema {SCHEMA}"]
    for view in views:
        columns = _columns(connection, view, codes)
        said += _plain(view, columns, default_method)
        said += _twin(view, columns)
    connection.execute(";\n".join(said))


def _columns(
    connection: duckdb.DuckDBPyConnection, view: View, codes: Mapping[str, str]
) -> list[Column]:
    """The columns in the order of the table, the names of a code right behind it."""
    described = {
        name: (heading, comment)
        for name, heading, comment in connection.execute(
            f"select column_name, heading_zh, {COMMENT} from reference.data_dictionary"
            f" where schema_name = {literal(SCHEMA)} and table_name = {literal(view.bi_view)}"
        ).fetchall()
    }
    found = connection.execute(
        f"select column_name from (describe {view.schema_name}.{view.table_name})"
    ).fetchall()
    order = [name for (name,) in found]
    if view.has_model:
        order.insert(0, MARK)
    columns = []
    for name in order:
        columns.append(Column(name, f"rows.{name}", *described[name], name))
        for language in LANGUAGES if name in codes else ():
            label = f"coalesce({name}_names.label_{language}, rows.{name}::varchar)"
            of_code = f"{codes[name]}_{language}"
            columns.append(Column(of_code, label, *described[of_code], name))
    return columns


def _plain(view: View, columns: list[Column], default_method: str) -> list[str]:
    selected = ", ".join(f"{column.sql} as {column.name}" for column in columns)
    joins = "".join(
        " left join (select code, label_zh, label_en from reference.codes"
        f" where column_name = {literal(code)}) as {code}_names"
        f" on rows.{code}::varchar = {code}_names.code"
        for code in dict.fromkeys(column.code for column in columns if column.is_name)
    )
    name = f"{SCHEMA}.{view.bi_view}"
    return [
        f"create view {name} as select {selected} from {view.rows()} as rows{joins}"
        f"{view.condition(default_method)}",
        f"comment on view {name} is {_described(view)}",
    ]


def _twin(view: View, columns: list[Column]) -> list[str]:
    """The same rows for readers of Chinese: a code only where its name is called otherwise."""
    of_names = {column.heading_zh for column in columns if column.is_name}
    shown = [
        column
        for column in columns
        if (column.is_name and column.name.endswith("_zh"))
        or (not column.is_name and column.heading_zh not in of_names)
    ]
    selected = ", ".join(f'{column.name} as "{column.heading_zh}"' for column in shown)
    name = f'{SCHEMA}."{view.name_zh}"'
    return [
        f"create view {name} as select {selected} from {SCHEMA}.{view.bi_view}",
        f"comment on view {name} is {_described(view)}",
        *(
            f'comment on column {name}."{column.heading_zh}" is {literal(column.comment)}'
            for column in shown
        ),
    ]


def _described(view: View) -> str:
    return literal(f"{view.description_zh}\n{view.description_en}")
