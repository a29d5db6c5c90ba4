"""Published tables as files, in the same order every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import identifier
from orchestration.errors import GreenparkError
from orchestration.likeness import near
from orchestration.serving import output, query

PLAIN = ("reference", "emissions", "indicators", "quality")
MARTS = (*PLAIN, "model", "all_levels")
SCHEMAS = ("raw", "bi", *MARTS)


@dataclass(frozen=True)
class Exported:
    """One file written."""

    table: str
    path: Path
    rows: int


def published_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The published tables and views as `schema.table`, sorted."""
    rows = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_catalog = current_database() and table_schema in ?"
        " order by all",
        [list(SCHEMAS)],
    ).fetchall()
    return [row[0] for row in rows]


def choose(connection: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> list[str]:
    """Return the tables meant by `schema.table`, `table` or `schema`; by none: all marts.

    Raises GreenparkError for a name that means no table, or more than one.
    """
    known = published_tables(connection)
    if not wanted:
        return [table for table in known if table.split(".")[0] in MARTS]
    chosen: set[str] = set()
    for name in wanted:
        if name in known:
            chosen.add(name)
            continue
        in_schema = [table for table in known if table.split(".")[0] == name]
        of_name = [table for table in known if table.split(".", 1)[1] == name]
        # A name alone means the plain table, not its twin in schema model.
        of_name = [table for table in of_name if table.split(".")[0] in PLAIN] or of_name
        if not in_schema and not of_name:
            close = _closest(name, known)
            raise GreenparkError(
                f"the published version has no table {name}",
                f"did you mean {' or '.join(close)}?"
                if close
                else "greenpark status lists the tables there are",
            )
        if not in_schema and len(of_name) > 1:
            raise GreenparkError(
                f"{name} could be {' or '.join(of_name)}", "name it with its schema"
            )
        chosen.update(in_schema or of_name)
    return sorted(chosen)


def _closest(name: str, known: Sequence[str]) -> list[str]:
    by_word = {table.split(".", 1)[1]: table for table in known} | {table: table for table in known}
    return list(dict.fromkeys(by_word[word] for word in near(name, by_word)))


def export(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[str],
    fmt: str,
    folder: Path,
    bom: bool = False,
) -> Iterator[Exported]:
    """Write each table to `<folder>/<schema>.<table>.<format>`, sorted by all its columns.

    As `sqlite`, all of them to one file. An existing file of that name is replaced, and only by a
    complete one.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GreenparkError(
            f"cannot create {folder}: {error.strerror}", "name another folder with --output"
        ) from error
    if fmt == "sqlite":
        yield from _sqlite(connection, tables, folder)
        return
    for table in tables:
        sql = _sorted(table)
        path = folder / f"{table}.{fmt}"
        with output.replacing(path) as draft:
            if fmt == "parquet":
                rows, _ = query.write_parquet(connection, sql, draft)
            elif fmt == "xlsx":
                from orchestration.serving import workbook

                said = dictionary(connection, table)  # first: a second query ends the result
                result = query.run(connection, sql)
                rows = workbook.write(draft, table, result.columns, result.rows, said)
            else:
                encoding = "utf-8-sig" if bom else "utf-8"
                with draft.open("w", encoding=encoding, newline="") as file:
                    rows, _ = query.write(query.run(connection, sql), file, "csv", None)
        yield Exported(table, path, rows)


def _sorted(table: str) -> str:
    return f"select * from {'.'.join(map(identifier, table.split('.', 1)))} order by all"


def _sqlite(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[str], folder: Path
) -> Iterator[Exported]:
    import sqlite3

    from orchestration.serving import sqlite

    path = folder / sqlite.FILE
    with output.replacing(path) as draft, closing(sqlite3.connect(draft)) as file, file:
        counts = {}
        for table in tables:
            described = connection.execute(f"describe {_sorted(table)}").fetchall()
            columns = [(name, kind) for name, kind, *_ in described]
            rows = query.run(connection, _sorted(table)).rows
            counts[table] = sqlite.write(file, table, columns, rows)
    with output.replacing(folder / sqlite.METADATA) as draft:
        said = {table: dictionary(connection, table) for table in tables}
        draft.write_text(sqlite.metadata(said), encoding="utf-8")
    yield from (Exported(table, path, count) for table, count in counts.items())


def dictionary(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, dict[str, Any]]:
    """What the dictionary says of the columns of a table; nothing in a version before it did."""
    if not query.has_column(connection, "reference", "data_dictionary", "heading_zh"):
        return {}
    rows = query.records(
        connection,
        """
        select column_name, heading_zh, heading_en, format from reference.data_dictionary
        where schema_name || '.' || table_name = ? order by all
        """,
        [table],
    )
    if not rows and query.has_table(connection, "reference", "bi_views"):
        # A Chinese twin has the headings as names; a name's English is that of its code.
        rows = query.records(
            connection,
            """
            select said.heading_zh as column_name, said.heading_zh, said.heading_en, said.format
            from reference.data_dictionary as said
            inner join reference.bi_views as views
                on said.schema_name = 'bi' and said.table_name = views.bi_view
            where 'bi.' || views.name_zh = ?
            order by said.column_name like '%_name_zh' desc, said.column_name
            """,
            [table],
        )
    return {row["column_name"]: row for row in rows}
