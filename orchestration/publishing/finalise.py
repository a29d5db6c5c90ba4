"""The last touches on a file to be published: the hashes of its tables, and what version it is."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import connect, literal
from orchestration.keeping.store import NODE_OF_TABLE
from orchestration.landing.row_folders import KINDS
from orchestration.publishing import integrity
from orchestration.publishing.audiences import text_of_rules
from orchestration.publishing.fresh import MART_SCHEMAS, RUN_TABLES
from orchestration.publishing.integrity import VERSION_FILE
from orchestration.settings import PROJECT_ROOT, Home

MARK = "is_doubtful"
# A table of rows of both kinds stands in `all_levels`, and is known by its plain name.
PLAIN_SCHEMA = """
        left join reference.model_tables as parts
            on
                tables.table_name = parts.table_name
                and tables.schema_name = 'all_levels'
                and parts.has_twin and not parts.is_view
"""
HASH_FUNCTION = f"sum(hash(row)), DuckDB {duckdb.__version__}"


def git_commit() -> str:
    """The commit the code stands at, or `unknown` outside a checkout or without git."""
    if shutil.which("git") is None:
        return "unknown"
    answer = subprocess.run(
        ["git", "-C", str(PROJECT_ROOT), "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or "unknown"


def finalise(
    database: Path,
    built: Path,
    views_sha256: str,
    version: str,
    built_at: datetime,
    engine: str,
    as_of_vintage: int | None,
    without: Iterable[str] = (),
) -> dict[str, Any]:
    """Hash the marts of a fresh file that was copied from `built`, and say what version it is.

    Returns the row of `quality.published_version`, and of all that readers see the hash
    `content_sha256`, which is equal when nothing else than the time of the run has changed. The
    content hash of a mart does not depend on the order of its rows; the same input gives the same
    hash in every run.
    """
    with connect(database) as connection:
        connection.execute(f"attach {literal(built)} as built (read_only)")
        folders = [
            connection.execute(
                f"select {kind.id_column}, file, file_sha256 "
                f"from built.{kind.schema}.{kind.files_table} order by all"
            ).fetchall()
            for kind in KINDS
        ]
        _hash_marts(connection)
        raw = connection.execute(
            "select node, content from built.work.built where starts_with(node, 'raw.') "
            "order by all"
        ).fetchall()
        connection.execute("detach built")
        files = connection.execute(
            "select file_name, file_sha256 from quality.landing_log order by file_name"
        ).fetchall()
        row = {
            "version": version,
            "built_at": built_at.isoformat(timespec="seconds"),
            "git_commit": git_commit(),
            "input_sha256": hashlib.sha256(json.dumps([files, *folders]).encode()).hexdigest(),
            "dbt_version": package_version("dbt-core"),
            "duckdb_version": duckdb.__version__,
            "engine": engine,
            "as_of_vintage": as_of_vintage,
            "without_origins": "|".join(sorted(without)),
        }
        connection.execute(
            f"insert into quality.published_version values ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        said = [row["input_sha256"], engine, as_of_vintage, row["without_origins"], raw]
        said += [views_sha256, hashlib.sha256(text_of_rules().encode()).hexdigest()]
        said += [connection.execute(query).fetchall() for query in CONTENT]
        row["content_sha256"] = hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
    (database.parent / VERSION_FILE).write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")
    return row


# What readers see, but for when it was made, and for the views.
CONTENT = (
    "from quality.table_hashes order by all",
    "select * exclude (loaded_at) from quality.landing_log order by all",
    "select * exclude (run_id) from quality.audit_results order by all",
    "select schema_name, table_name, comment from duckdb_tables() order by all",
    "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
    "where not internal order by all",
    "select schema_name, function_name, macro_definition from duckdb_functions() "
    "where not internal order by all",
)


def is_published(home: Home, row: dict[str, Any]) -> bool:
    """Whether readers see this very content already."""
    return bool(integrity.read(home.current).get("content_sha256") == row["content_sha256"])


def hash_tables(database: Path, built: Path) -> None:
    """Write the hash of each mart into a file that was copied from `built`."""
    with connect(database) as connection:
        connection.execute(f"attach {literal(built)} as built (read_only)")
        _hash_marts(connection)


def _hash_marts(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the hash of each mart: that which was kept when it was built, unless it was marked."""
    connection.execute(
        f"""
        insert into quality.table_hashes
        select
            coalesce(parts.schema_name, tables.schema_name), tables.table_name,
            kept.row_count, kept.row_hash, $1
        from duckdb_tables() as tables
        inner join built.work.built as kept on {NODE_OF_TABLE}
        {PLAIN_SCHEMA}
        where
            tables.database_name = current_database()
            and {_in(MART_SCHEMAS)} and not {_in(RUN_TABLES, "table_name")}
            and kept.row_hash is not null
            and not exists (
                select 1 from duckdb_columns() as columns
                where
                    columns.database_name = tables.database_name
                    and columns.schema_name = tables.schema_name
                    and columns.table_name = tables.table_name
                    and columns.column_name = '{MARK}'
            )
            and tables.schema_name || '.' || tables.table_name <> 'quality.doubtful_rows'
        """,
        [HASH_FUNCTION],
    )
    tables = connection.execute(
        f"""
        select
            coalesce(parts.schema_name, tables.schema_name), tables.table_name,
            tables.schema_name || '.' || tables.table_name
        from duckdb_tables() as tables
        {PLAIN_SCHEMA}
        anti join quality.table_hashes as hashed
            on
                coalesce(parts.schema_name, tables.schema_name) = hashed.schema_name
                and tables.table_name = hashed.table_name
        where
            tables.database_name = current_database()
            and {_in(MART_SCHEMAS)} and not {_in(RUN_TABLES, "table_name")}
        order by all
        """
    ).fetchall()
    # A sum does not depend on the order of its rows. DuckDB may change `hash` between versions.
    hashes = " union all ".join(hash_query(*row) for row in tables)
    if hashes:
        connection.execute(f"insert into quality.table_hashes {hashes}")


def hash_query(schema: str, table: str, place: str) -> str:
    """The row of `quality.table_hashes` of the table of a name that lies in some place."""
    return f"""
        select
            '{schema}', '{table}', count(*),
            to_hex(coalesce(sum(hash(t)::hugeint), 0)), '{HASH_FUNCTION}'
        from {place} as t
    """


def _in(names: Iterable[str], column: str = "schema_name") -> str:
    return f"tables.{column} in ({', '.join(repr(name) for name in names)})"
