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

from orchestration.database import connect, literal
from orchestration.landing.row_folders import KINDS
from orchestration.publishing.bi_views import COMMENT, create_bi_views
from orchestration.publishing.model_schema import BEFORE, split
from orchestration.publishing.reader_macros import create_reader_macros
from orchestration.publishing.releases import VERSION_FILE
from orchestration.publishing.table_macros import create_table_macros
from orchestration.settings import PROJECT_ROOT, Home

CONTRACT_V1 = Path(__file__).with_name("contract_v1.sql")
# Views of the marts under the names of the contracts before: no content of their own.
OLD_NAMES = {
    "v1": (
        "公共约定第1版的名称，第4版起不再提供；见 docs/contract.md\n"
        "A name of contract 1, gone in version 4: see docs/contract.md."
    ),
    BEFORE: (
        "公共约定第2版的表，模型的行也在内，第4版起不再提供；见 docs/contract.md\n"
        "A table of contract 2, rows of the model among the others, gone in version 4: see"
        " docs/contract.md."
    ),
}
MART_SCHEMAS = ("reference", "emissions", "indicators", "all_levels", "quality")
PUBLISHED_SCHEMAS = ("raw", *MART_SCHEMAS)
MARK = "is_doubtful"
HASH_FUNCTION = f"sum(hash(row)), DuckDB {duckdb.__version__}"
# Written anew by every run: they say when and how, so their content is not the marts' content.
RUN_TABLES = (
    "landing_log",
    "audit_results",
    "known_findings",
    "published_version",
    "table_hashes",
)


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
    version: str,
    built_at: datetime,
    engine: str,
    as_of_vintage: int | None,
    without: Iterable[str] = (),
) -> dict[str, Any]:
    """Hash the marts of a fresh file that was copied from `built`, and describe it.

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
        split(connection)
        create_bi_views(connection)
        _comment_columns(connection)
        create_table_macros(connection)
        create_reader_macros(connection)
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
        said = [row["input_sha256"], engine, as_of_vintage, row["without_origins"], raw]
        said += [connection.execute(query).fetchall() for query in CONTENT]
        row["content_sha256"] = hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
    (database.parent / VERSION_FILE).write_text(json.dumps(row, indent=2) + "\n", encoding="utf-8")
    return row


# What readers see, but for when it was made.
CONTENT = (
    "from quality.table_hashes order by all",
    "select * exclude (loaded_at) from quality.landing_log order by all",
    "select * exclude (run_id) from quality.audit_results order by all",
    "select schema_name, table_name, comment from duckdb_tables() order by all",
    "select schema_name, view_name, sql, comment from duckdb_views() where not internal "
    "order by all",
    "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
    "where not internal order by all",
    "select schema_name, function_name, macro_definition from duckdb_functions() "
    "where not internal order by all",
)


def is_published(home: Home, row: dict[str, Any]) -> bool:
    """Whether readers see this very content already."""
    try:
        current = json.loads((home.current / VERSION_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(current.get("content_sha256") == row["content_sha256"])


def _keep_old_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the views of contract 1; say of each old name, and of its columns, what it is."""
    connection.execute(CONTRACT_V1.read_text(encoding="utf-8"))
    for schema, words in OLD_NAMES.items():
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = $1"
            " order by all",
            [schema],
        ).fetchall()
        comments = [("view", name) for name in sorted({table for table, _ in columns})]
        comments += [("column", f'{table}."{column}"') for table, column in columns]
        said = [f"comment on {kind} {schema}.{name} is '{words}'" for kind, name in comments]
        # One transaction: a commit for each takes seconds.
        connection.execute(";\n".join(["begin", *said, "commit"]))


def _comment_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Describe every published column in the file itself: the first line Chinese, then English.

    Label and unit come first, for tools that show the beginning of a comment as the name.
    """
    comments = connection.execute(
        f"""
        select
            format(
                'comment on column {{}}.{{}}.{{}} is {{}}',
                schema_name, table_name, column_name,
                chr(39) || replace({COMMENT}, chr(39), chr(39) || chr(39)) || chr(39)
            )
        from reference.data_dictionary
        order by all
        """
    ).fetchall()
    connection.execute(";\n".join(["begin", *(comment for (comment,) in comments), "commit"]))


def _hash_marts(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the hash of each mart: that which was kept when it was built, unless it was marked."""
    connection.execute(
        f"""
        insert into quality.table_hashes
        select tables.schema_name, tables.table_name, kept.row_count, kept.row_hash, $1
        from duckdb_tables() as tables
        inner join built.work.built as kept
            on
                kept.node in (
                    'model.greenpark.' || tables.table_name,
                    tables.schema_name || '.' || tables.table_name
                )
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
        select tables.schema_name, tables.table_name
        from duckdb_tables() as tables
        anti join quality.table_hashes as hashed using (schema_name, table_name)
        where
            tables.database_name = current_database()
            and {_in(MART_SCHEMAS)} and not {_in(RUN_TABLES, "table_name")}
        order by all
        """
    ).fetchall()
    # A sum does not depend on the order of its rows. DuckDB may change `hash` between versions.
    hashes = " union all ".join(
        f"""
        select
            '{schema}', '{table}', count(*),
            to_hex(coalesce(sum(hash(t)::hugeint), 0)), '{HASH_FUNCTION}'
        from {schema}.{table} as t
        """
        for schema, table in tables
    )
    if hashes:
        connection.execute(f"insert into quality.table_hashes {hashes}")


def _in(names: Iterable[str], column: str = "schema_name") -> str:
    return f"tables.{column} in ({', '.join(repr(name) for name in names)})"
