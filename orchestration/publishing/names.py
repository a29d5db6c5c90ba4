"""What the published file says of itself: the words of its columns, and the names it had before."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from orchestration.publishing.model_schema import BEFORE

# What is said of a column of the dictionary: label and unit, then what it means.
COMMENT = "heading_zh || '：' || description_zh || chr(10) || heading_en || ': ' || description_en"
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


def keep_old_names(connection: duckdb.DuckDBPyConnection) -> None:
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
        connection.execute(";\n".join(said))


def comment_columns(
    connection: duckdb.DuckDBPyConnection, places: Collection[str] | None = None
) -> None:
    """Describe columns in the file itself, of all tables and views or of some.

    The first line is Chinese, the second English; label and unit come first, for tools that show
    the beginning of a comment as the name. A transaction around it saves seconds.
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
        where
            ($1 is null or list_contains($1, schema_name || '.' || table_name))
            -- Not every file has the schema of the raw tables.
            and schema_name in (
                select schemas.schema_name from duckdb_schemas() as schemas
                where schemas.database_name = current_database()
            )
        order by all
        """,
        [None if places is None else [*places]],
    ).fetchall()
    if comments:
        connection.execute(";\n".join(comment for (comment,) in comments))
