"""Published tables as files, one for each table, in the same order every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.errors import GreenparkError
from orchestration.likeness import near
from orchestration.serving import output, query

PLAIN = ("reference", "emissions", "indicators", "quality")
MARTS = (*PLAIN, "model", "all_levels")
SCHEMAS = ("raw", *MARTS)


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
    """Write each table to `<folder>/<schema>.<table>.<csv|parquet>`, sorted by all its columns.

    An existing file of that name is replaced, and only by a complete one.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GreenparkError(
            f"cannot create {folder}: {error.strerror}", "name another folder with --output"
        ) from error
    for table in tables:
        schema, name = (part.replace('"', '""') for part in table.split(".", 1))
        sql = f'select * from "{schema}"."{name}" order by all'
        path = folder / f"{table}.{fmt}"
        with output.replacing(path) as draft:
            if fmt == "parquet":
                rows, _ = query.write_parquet(connection, sql, draft)
            else:
                encoding = "utf-8-sig" if bom else "utf-8"
                with draft.open("w", encoding=encoding, newline="") as file:
                    rows, _ = query.write(query.run(connection, sql), file, "csv", None)
        yield Exported(table, path, rows)
