"""The files of a version for those who may not see all of it: the analysts' and the public's."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.audit.store import mark_doubts
from orchestration.database import connect, literal
from orchestration.publishing.audiences import Audience, Name, audience, file_of
from orchestration.publishing.finalise import hash_query
from orchestration.publishing.fresh import PUBLISHED_SCHEMAS, RUN_TABLES, copy_published
from orchestration.publishing.releases import seal

# What a run writes into its file, beside what it says of itself.
WRITTEN = (*(name for name in RUN_TABLES if name != "table_hashes"), "doubtful_rows")


def write_copy(name: Name, built: Path, whole: Path, kept: Path, memory: str) -> None:
    """Make the file of some readers beside `whole`, the finished file of the admin, and seal it.

    `kept` is the folder of what is carried from run to run; `memory` is all that may be taken.
    """
    readers = audience(name)
    database = file_of(whole.parent, name)
    database.parent.mkdir()
    schemas = readers.schemas(PUBLISHED_SCHEMAS)
    carried = kept / f"published_{name}.duckdb"
    copy_published(built, database, carried, schemas, readers, memory)
    with connect(database, threads=1, memory_limit=memory) as connection:
        connection.execute(f"attach {literal(whole)} as whole (read_only)")
        connection.execute("begin")
        for table in WRITTEN:
            rows = readers.rows(f"quality.{table}", "whole")
            connection.execute(f"insert into quality.{table} {rows}")
        mark_doubts(connection)
        _hash(connection, readers)
        connection.execute("commit")
    seal(database)


def _hash(connection: duckdb.DuckDBPyConnection, readers: Audience) -> None:
    """Write the hash of each table that is in the file: of what is in it, and of nothing else.

    The hash of a whole table would let a reader try values of the rows that are not shown.
    """
    tables = connection.execute(
        "select schema_name, table_name from whole.quality.table_hashes order by all"
    ).fetchall()
    shown = [(schema, name) for schema, name in tables if readers.has(f"{schema}.{name}")]
    whole = [f"{schema}.{name}" for schema, name in shown if readers.is_whole(f"{schema}.{name}")]
    connection.execute(
        "insert into quality.table_hashes from whole.quality.table_hashes "
        "where list_contains($1, schema_name || '.' || table_name)",
        [whole],
    )
    moved = {
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = current_database() "
            "and schema_name = 'all_levels'"
        ).fetchall()
    }
    hashes = " union all ".join(
        hash_query(schema, name, f"all_levels.{name}" if name in moved else f"{schema}.{name}")
        for schema, name in shown
        if f"{schema}.{name}" not in whole
    )
    if hashes:
        connection.execute(f"insert into quality.table_hashes {hashes}")
