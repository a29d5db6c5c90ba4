"""Schema `bi`: views for tools, from the rows of `reference.bi_views`.

Each has one level and one method, the names of its codes beside them, and a twin whose columns are
named in Chinese with their units. They name schemas alone, so that they can be read where the file
is attached under another name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration.database import literal
from orchestration.publishing.model_schema import MODEL

SCHEMA = "bi"
MARK = "is_model"
LANGUAGES = ("zh", "en")
DEFAULT_METHOD = "{default_method}"
# What is said of a column of the dictionary: label and unit, then what it means.
COMMENT = (
    "heading_zh || '：' || description_zh || chr(10) || heading_en || ': ' || description_en"
)


@dataclass(frozen=True)
class Column:
    """A column of a view: its SQL, its name in the Chinese twin, and what its comment says."""

    name: str
    sql: str
    heading_zh: str
    comment: str
    code: str  # the column whose codes it names, or itself


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

    @property
    def _plain(view: View, columns: list[Column], default_method: str) -> list[str]:
    selected = ", ".join(f"{column.sql} as {column.name}" for column in columns)
    joins = "".join(
        f" left join (select code, label_zh, label_en from reference.codes"
        f" where column_name = {literal(code)}) as {code}_names"
        f" on rows.{code}::varchar = {code}_names.code"
        for code in dict.fromkeys(c.code for c in columns if c.code != c.name)
    )
    name = f"{SCHEMA}.{view.bi_view}"
    return [
        f"create view {name} as select {selected} from {view.rows()} as rows{joins}"
        f"{view.condition(default_method)}",
        f"comment on view {name} is {literal(view.comment)}",
    ]


def _twin(view: View, columns: list[Column]) -> list[str]:
    """The same rows for readers of Chinese: a code only where its name is called otherwise."""
    named = {c.heading_zh for c in columns if c.code != c.name}
    shown = [
        c
        for c in columns
        if not (c.code != c.name and c.name.endswith("_en"))
        and not (c.code == c.name and c.heading_zh in named)
    ]
    selected = ", ".join(f'{c.name} as "{c.heading_zh}"' for c in shown)
    name = f'{SCHEMA}."{view.name_zh}"'
    return [
        f"create view {name} as select {selected} from {SCHEMA}.{view.bi_view}",
        f"comment on view {name} is {literal(view.comment)}",
        *(f'comment on column {name}."{c.heading_zh}" is {literal(c.comment)}' for c in shown),
    ]
