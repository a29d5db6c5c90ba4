"""For whom a file is published, and what it has of each table.

    <version>/greenpark.duckdb           admin: all of it
    <version>/analyst/greenpark.duckdb   without raw, quarantine and the names of enterprises
    <version>/public/greenpark.duckdb    what `reference.public_tables` lists, and no more

Every file has the tables and views of the contract, so that the same SQL runs on each. A table that
is closed to its readers has no rows there, a column that is closed is null. A table nobody has
thought of is closed to the public.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from orchestration.errors import GreenparkError
from orchestration.settings import DATABASE_NAME, PROJECT_ROOT

Name = Literal["admin", "analyst", "public"]
# Of enterprises: what names them, and (without a column) tables that quote what they returned.
IDENTIFYING = Path(__file__).with_name("identifying_columns.csv")
PUBLIC = PROJECT_ROOT / "seeds" / "reference" / "catalog" / "public_table_rows.csv"
RAW = "raw"


@dataclass(frozen=True)
class Part:
    """Some rows of a table, and which of its columns are null."""

    condition: str
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class Audience:
    """The readers of one file."""

    name: Name
    tables: Mapping[str, tuple[Part, ...]]  # by schema and name: what it has of them
    closed: frozenset[str] = frozenset()
    # Whether a table that is in neither has all its rows.
    is_open: bool = True
    # Whether others than the owner and the group may read it.
    is_for_all: bool = False

    @property
    def folder(self) -> str:
        """Where the file lies below the folder of a version; empty for that folder itself."""
        return "" if self.name == "admin" else self.name

    def schemas(self, schemas: Sequence[str]) -> tuple[str, ...]:
        """Those of the schemas that the file has."""
        return tuple(schema for schema in schemas if self.name == "admin" or schema != RAW)

    def has(self, table: str) -> bool:
        """Whether any row of a table is in it."""
        return table in self.tables or (self.is_open and table not in self.closed)

    def only(self, tables: Collection[str]) -> Audience:
        """The same readers, of a file that has rows of these tables alone."""
        return replace(self, tables={name: self.tables[name] for name in tables})

    def rows(self, table: str, source: str) -> str:
        """The query for what it has of a table that lies in an attached database."""
        whole = f"from {source}.{table}"
        if not self.has(table):
            return f"{whole} limit 0"
        return " union all ".join(
            _selected(part.hidden, whole) + (f" where {part.condition}" if part.condition else "")
            for part in self.tables.get(table, (Part("", ()),))
        )

    def is_whole(self, table: str) -> bool:
        """Whether all of a table is in it."""
        parts = self.tables.get(table, ())
        return self.has(table) and not any(part.condition or part.hidden for part in parts)


def _selected(hidden: Sequence[str], whole: str) -> str:
    nulls = ", ".join(f"nullif({column}, {column}) as {column}" for column in hidden)
    return f"select * replace ({nulls}) {whole}" if hidden else f"select * {whole}"


@cache
def audience(name: Name) -> Audience:
    """What the readers of one of the files may see."""
    if name == "admin":
        return Audience(name, {})
    if name == "analyst":
        columns: dict[str, list[str]] = {}
        for row in _read(IDENTIFYING):
            columns.setdefault(f"{row['schema_name']}.{row['table_name']}", []).append(
                row["column_name"]
            )
        closed = frozenset(table for table, names in columns.items() if names == [""])
        return Audience(
            name,
            {t: (Part("", tuple(names)),) for t, names in columns.items() if t not in closed},
            closed,
        )
    parts: dict[str, list[Part]] = {}
    for row in _read(PUBLIC):
        hidden = tuple(column for column in row["hidden_columns"].split("|") if column)
        parts.setdefault(f"{row['schema_name']}.{row['table_name']}", []).append(
            Part(row["row_filter"], hidden)
        )
    return Audience(
        name, {table: tuple(of) for table, of in parts.items()}, is_open=False, is_for_all=True
    )


def file_of(folder: Path, name: Name) -> Path:
    """The file of a version that some readers open."""
    return folder / audience(name).folder / DATABASE_NAME


def no_file(readers: Name) -> GreenparkError:
    """The error of a version that has no file for some readers."""
    return GreenparkError(
        f"the current version has no file for `{readers}`",
        "run greenpark refresh --full: versions before contract 3.2 have one file alone",
    )


def text_of_rules() -> str:
    """What decides what the files have, to be hashed."""
    return IDENTIFYING.read_text(encoding="utf-8") + PUBLIC.read_text(encoding="utf-8")


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
