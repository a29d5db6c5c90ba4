"""The published file: a fresh one, with what is published of the database that was built."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.database import connect, literal


def copy_published(built: Path, database: Path, schemas: Iterable[str]) -> None:
    """Copy the tables, views and comments of some schemas into a file that is made for them.

    What was built stays as it is for the next run to keep, and the copy has no free blocks.
    """
    wanted = [*schemas]
    with connect(database) as connection:
        connection.execute(f"attach {literal(built)} as built (read_only)")
        connection.execute("begin")
        for schema in wanted:
            connection.execute(f"create schema if not exists {schema}")
        comments = []
        for schema, name, comment in connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() "
            "where database_name = 'built' and list_contains($1, schema_name) order by all",
            [wanted],
        ).fetchall():
            connection.execute(f"create table {schema}.{name} as from built.{schema}.{name}")
            comments.append(("table", f"{schema}.{name}", comment))
        views = connection.execute(
            "select schema_name, view_name, sql, comment from duckdb_views() "
            "where database_name = 'built' and not internal and list_contains($1, schema_name) "
            "order by all",
            [wanted],
        ).fetchall()
        _create_views(connection, [sql for _, _, sql, _ in views])
        comments += [("view", f"{schema}.{name}", text) for schema, name, _, text in views]
        connection.execute(
            ";\n".join(
                [
                    f"comment on {kind} {name} is {literal(text)}"
                    for kind, name, text in comments
                    if text is not None
                ]
                + ["commit"]
            )
        )


def _create_views(connection: duckdb.DuckDBPyConnection, waiting: list[str]) -> None:
    """Create views that read each other, in whatever order they come."""
    while waiting:
        left = []
        for sql in waiting:
            try:
                connection.execute(sql)
            except duckdb.CatalogException as error:
                left.append(sql)
                missing = error
        if len(left) == len(waiting):
            raise missing
        waiting = left
