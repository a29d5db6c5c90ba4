"""Run the SQL of single models, as dbt compiled it, on tables that a test makes.

The models are those of the published home; what a test does not give is read from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from orchestration.settings import PROJECT_ROOT, Home

Rows = Sequence[Mapping[str, Any]]


class Models:
    """A database in memory under the name that compiled SQL has, with some models built in it."""

    def __init__(self, home: Home) -> None:
        self.paths = {
            path.stem: path
            for path in (home.target / "compiled").rglob("models/**/*.sql")
            if ".yml/" not in path.as_posix()
        }
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 1")
        self.connection.execute(f"attach '{home.database}' as published (read_only)")
        self.connection.execute("attach ':memory:' as greenpark")

    def schema(self, model: str) -> str:
        """The schema dbt builds a model in: its layer, or the folder of a mart."""
        parts = self.paths[model].parts
        layer = parts[parts.index("models") + 1 :]
        return layer[1] if layer[0] == "marts" else layer[0]

    def copy(self, *tables: str) -> None:
        """Take tables as they were published."""
        for table in tables:
            self._schema(table.split(".")[0])
            self.connection.execute(
                f"create or replace table greenpark.{table} as from published.{table}"
            )

    def give(self, table: str, columns: str, rows: Rows) -> None:
        """Make a table of these rows; a column that a row does not have is null."""
        self._schema(table.split(".")[0])
        self.connection.execute(f"create or replace table greenpark.{table} ({columns})")
        names = [column.split()[0] for column in columns.split(",")]
        if rows:
            self.connection.executemany(
                f"insert into greenpark.{table} values ({', '.join('?' * len(names))})",
                [[row.get(name) for name in names] for row in rows],
            )

    def seed(self, name: str) -> None:
        """A seed as dbt loads it; none is published."""
        (path,) = (PROJECT_ROOT / "seeds" / "reference").rglob(f"{name}.csv")
        self._schema("seed")
        self.connection.execute(
            f"create or replace table greenpark.seed.{name}"
            f" as from read_csv('{path}', header = true)"
        )

    def build(self, models: Iterable[str]) -> None:
        """Run the models one after the other."""
        for model in models:
            schema = self.schema(model)
            self._schema(schema)
            sql = self.paths[model].read_text(encoding="utf-8")
            self.connection.execute(f"create or replace table greenpark.{schema}.{model} as {sql}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of a query; tables are named `greenpark.schema.table`."""
        return self.connection.execute(sql).fetchall()

    def _schema(self, name: str) -> None:
        self.connection.execute(f"create schema if not exists greenpark.{name}")
