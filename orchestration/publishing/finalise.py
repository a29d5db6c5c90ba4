"""The last touches on a built database: what version it is, and only the published schemas."""

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

from orchestration.database import connect
from orchestration.publishing.releases import VERSION_FILE
from orchestration.publishing.table_macros import create_table_macros
from orchestration.settings import PROJECT_ROOT

CONTRACT_V1 = Path(__file__).with_name("contract_v1.sql")
# Views of the marts under the names of the contract before: no content of their own.
COMPATIBILITY_SCHEMA = "v1"
OLD_NAME = (
    "公共约定第1版的名称，第3版起不再提供；见 docs/contract.md\n"
    "A name of contract 1, gone in version 3: see docs/contract.md."
)
MART_SCHEMAS = ("reference", "emissions", "indicators", "all_levels", "quality")
PUBLISHED_SCHEMAS = ("raw", *MART_SCHEMAS)
# Written anew by every run: they say when and how, so their content is not the marts' content.
RUN_TABLES = ("landing_log", "audit_results", "published_version", "table_hashes")


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
    version: str,
    built_at: datetime,
    engine: str,
    as_of_vintage: int | None,
    without: Iterable[str] = (),
) -> dict[str, Any]:
    """Drop what is not published, hash the marts, write `quality.published_version`.

    Returns that row. The content hash of a mart does not depend on the order of its rows; the same
    input gives the same hash in every run.
    """
    with connect(database) as connection:
        folders = [
            connection.execute(
                f"select {owner}, file, file_sha256 from {files} order by all"
            ).fetchall()
            for owner, files in (
                ("method", "methods.method_files"),
                ("method", "park_methods.park_method_files"),
                ("report_id", "reports.report_files"),
            )
        ]
        schemas = connection.execute(
            "select distinct schema_name from duckdb_schemas() where not internal"
        ).fetchall()
        for (schema,) in schemas:
            if schema not in (*PUBLISHED_SCHEMAS, "main"):
                connection.execute(f'drop schema "{schema}" cascade')
        _hash_marts(connection)
        _comment_columns(connection)
        create_table_macros(connection)
        _keep_old_names(connection)
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
    (database.parent / VERSION_FILE).write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")
    return row


def _keep_old_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the views of the contract before and say of each, and of its columns, what it is."""
    connection.execute(CONTRACT_V1.read_text(encoding="utf-8"))
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = $1 order by all",
        [COMPATIBILITY_SCHEMA],
    ).fetchall()
    comments = [("view", name) for name in sorted({table for table, _ in columns})]
    comments += [("column", f'{table}."{column}"') for table, column in columns]
    connection.execute(
        ";".join(
            f"comment on {kind} {COMPATIBILITY_SCHEMA}.{name} is '{OLD_NAME}'"
            for kind, name in comments
        )
    )


def _comment_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Describe every published column in the file itself: the first line Chinese, then English."""
    comments = connection.execute(
        """
        select
            format(
                'comment on column {}.{}.{} is {}',
                schema_name, table_name, column_name,
                chr(39) || replace(description, chr(39), chr(39) || chr(39)) || chr(39)
            )
        from reference.data_dictionary
        where description is not null
        order by all
        """
    ).fetchall()
    # One transaction: a commit for each takes seconds.
    connection.execute(";\n".join(["begin", *(comment for (comment,) in comments), "commit"]))


def _hash_marts(connection: duckdb.DuckDBPyConnection) -> None:
    tables = connection.execute(
        """
        select schema_name, table_name from duckdb_tables()
        where list_contains($1, schema_name) and not list_contains($2, table_name)
        order by all
        """,
        [list(MART_SCHEMAS), list(RUN_TABLES)],
    ).fetchall()
    # A sum does not depend on the order of its rows. DuckDB may change `hash` between versions.
    hashes = " union all ".join(
        f"""
        select
            '{schema}', '{table}', count(*),
            to_hex(coalesce(sum(hash(t)::hugeint), 0)),
            'sum(hash(row)), DuckDB {duckdb.__version__}'
        from {schema}.{table} as t
        """
        for schema, table in tables
    )
    connection.execute(f"insert into quality.table_hashes {hashes}")
