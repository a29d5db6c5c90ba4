"""A published file as the gates judged it: no schema `model`, marts where dbt made them."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from orchestration.publishing.fresh import queries_of
from orchestration.publishing.model_schema import (
    BEFORE,
    MODEL,
    WHOLE,
    changed_tables,
    create_parts,
    read_tables,
    reread,
)


def as_built(published: Path, copy: Path) -> Path:
    """Copy a published file and put its marts back where dbt made them."""
    shutil.copyfile(published, copy)
    copy.chmod(0o644)
    changed = changed_tables()
    with duckdb.connect(str(copy)) as connection:
        tables = [table for table in read_tables(connection) if table.has_twin]
        queries = {
            f"{WHOLE}.{table.table_name}": f"from {table.plain}"
            for table in tables
            if table.is_moved
        }
        before = dict(
            connection.execute(
                "select view_name, sql from duckdb_views() where schema_name = $1", [BEFORE]
            ).fetchall()
        )
        for table in tables:
            connection.execute(f"drop view {table.plain}")
            if table.is_moved:
                whole = f"{WHOLE}.{table.table_name}"
                connection.execute(
                    f"create table {table.plain} as from {whole}; drop table {whole}"
                )
        for table in tables:
            if table.is_view:
                sql = before[table.table_name].split(" AS ", 1)[1].rstrip("; \n")
                if renamed := changed.get(table.plain):
                    columns = ", ".join(f"{old} as {name}" for name, old in renamed)
                    sql = f"select * rename ({columns}) from ({sql}) as whole"
                connection.execute(
                    f"create view {table.plain} as {reread(connection, sql, queries)}"
                )
        for table in tables:
            kind = "view" if table.is_view else "table"
            connection.execute(f"comment on {kind} {table.plain} is '表\nTable.'")
        for schema in (MODEL, BEFORE, "v1"):
            connection.execute(f"drop schema {schema} cascade")
    return copy


def part_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """Part the tables of such a file as publishing does."""
    tables = read_tables(connection)
    found = connection.execute(
        "select schema_name || '.' || view_name, sql, comment from duckdb_views() "
        "where not internal order by all"
    ).fetchall()
    for table in tables:
        if table.is_moved:
            place = f"{WHOLE}.{table.table_name}"
            connection.execute(f"create table {place} as from {table.plain}")
            connection.execute(
                f"drop table {table.plain}; create view {table.plain} as from {place}"
            )
    comments = {table.plain: "表\nTable." for table in tables}
    comments |= {name: comment for name, _, comment in found}
    create_parts(connection, tables, queries_of({name: sql for name, sql, _ in found}), comments)
