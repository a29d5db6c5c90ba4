"""Figures that move though no file did: code or rows of reference did it, and somebody says why.

What is built of the same files, asked for in the same way, has the figures of the version before,
unless code or rows of reference are others. No rule can tell a mended formula from a broken one:
here somebody answers for it, as for the tables that are signed off. Where files come, go or change
with the code, what is landed is still that of the version before: the code is built of it first and
judged, and then the files are landed, by which figures may move.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import literal
from orchestration.errors import GreenparkError
from orchestration.publishing.fresh import MART_SCHEMAS, RUN_TABLES
from orchestration.publishing.model_schema import MODEL
from orchestration.settings import memory_limit

BECAUSE, MOVED = "because", "moved"  # of `version.json`
SIGN_OFFS = "reference.table_sign_offs"
# What each run says of itself, what goes on from version to version, and who answers for what.
NO_FIGURES = (*RUN_TABLES, "doubtful_rows", "quarantine_history", "table_sign_offs")
# Words for people, and what the gates say of a row afterwards.
NO_CELLS = ("_zh", "_en", "is_doubtful")
# A new row of a list of codes or methods moves nothing that stood.
LISTS = "reference"
# A double to 31 of its 53 bits, 9 digits: what another order of adding up changes is no figure.
# The sum and the difference are not the number again (Veltkamp's splitting).
BITS = 2**22 + 1


@dataclass(frozen=True)
class Moved:
    """A table or view whose rows are others than in the version before."""

    table: str
    gone: int  # rows of the version before that stand no more
    new: int
    columns: tuple[str, ...]  # in which they differ, by name


def reason_for(before: Path, after: Path, because: str) -> str:
    """Why figures move: what the operator says, or those who signed off a table since.

    Raises GreenparkError if nobody says why.
    """
    if reason := because or _new_sign_offs(before, after):
        return reason
    raise GreenparkError(
        "figures move though no file did: code or rows of reference are others",
        'take the change back, or say why: greenpark refresh --because "REASON"',
    )


def moved(before: Path, after: Path, same: Collection[str] | None = None) -> list[Moved]:
    """The marts, tables and views, whose figures are others in the second database.

    Of a mart that one of them lacks nothing moves, nor of a column. `same` names the tables whose
    content is known to be the same; by itself that is what the hashes of both versions say. A view
    of the same text says what its tables say.
    """
    with duckdb.connect(config={"memory_limit": memory_limit(), "threads": 1}) as connection:
        for side, path in (("version_before", before), ("build", after)):
            connection.execute(f"attach {literal(path.resolve())} as {side} (read_only)")
        known = _same(connection) if same is None else same
        found = []
        for table, columns in _pairs(connection, known).items():
            move = _compare(connection, table, columns)
            if move.gone or (move.new and not table.startswith(f"{LISTS}.")):
                found.append(move)
    return found


def _same(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of the tables of which both versions have the same hash."""
    rows = connection.execute(
        """
        select table_name
        from version_before.quality.table_hashes
        semi join build.quality.table_hashes
            using (schema_name, table_name, content_hash, hash_function)
        """
    ).fetchall()
    return {name for (name,) in rows}


def _pairs(connection: duckdb.DuckDBPyConnection, same: Collection[str]) -> dict[str, list[Any]]:
    """The tables to compare, `schema.table`: each column of both, and whether it is a double."""
    rows = connection.execute(
        """
        with relations as (
            select database_name, schema_name, table_name, '' as text from duckdb_tables()
            union all
            select database_name, schema_name, view_name, sql from duckdb_views()
        ),

        columns as (
            select relations.*, columns.column_name, columns.data_type
            from relations
            inner join duckdb_columns() as columns
                using (database_name, schema_name, table_name)
            where
                list_contains($1, relations.schema_name)
                and not list_contains($2, relations.table_name)
                and not list_contains($3, relations.table_name)
                and not exists (
                    select 1
                    from (select unnest($4::varchar[]) as ending) as endings
                    where ends_with(columns.column_name, endings.ending)
                )
        )

        select
            build.schema_name || '.' || build.table_name,
            list(build.column_name order by build.column_name),
            list(
                case
                    when build.data_type <> before.data_type then 'varchar'
                    when build.data_type in ('DOUBLE', 'FLOAT') then 'double'
                end
                order by build.column_name
            )
        from columns as build
        inner join columns as before using (schema_name, table_name, column_name)
        where
            build.database_name = 'build' and before.database_name = 'version_before'
            and (build.text <> before.text or build.text = '')
        group by all
        order by all
        """,
        [[*MART_SCHEMAS, MODEL], [*NO_FIGURES], [*same], [*NO_CELLS]],
    ).fetchall()
    return {table: [*zip(columns, kinds, strict=True)] for table, columns, kinds in rows}


def _compare(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[tuple[str, str | None]]
) -> Moved:
    """Count the rows that only one side has; each is known by the hash of its cells."""
    cells = [_cell(f'"{name}"', kind) for name, kind in columns]
    schema, name = table.split(".")
    row_hash = ", ".join(cells)
    hashes = ", ".join(f"hash({cell})::hugeint as c{at}" for at, cell in enumerate(cells))
    for side in ("version_before", "build"):
        # A view finds its tables in the database in use.
        connection.execute(f"use {side}")
        connection.execute(
            f"create or replace temp table of_{side} as "
            f'select hash({row_hash}) as row_hash, {hashes} from "{schema}"."{name}"'
        )
    places = range(len(columns))
    ((gone, new, *sums),) = connection.execute(
        f"""
        select
            coalesce(sum(greatest(balance, 0)), 0), coalesce(sum(-least(balance, 0)), 0),
            {", ".join(f"sum(s{at})" for at in places)}
        from (
            select sum(side) as balance, {", ".join(f"sum(side * c{at}) as s{at}" for at in places)}
            from (
                select 1 as side, * from of_version_before
                union all
                select -1 as side, * from of_build
            ) as sides
            group by row_hash
        ) as rows_of_both
        where balance <> 0
        """
    ).fetchall()
    # Where cells only changed places, no column differs as a whole.
    moved_columns = [name for (name, _), total in zip(columns, sums, strict=True) if total]
    told = moved_columns if gone or new else []
    return Moved(table, int(gone), int(new), tuple(told))


def _cell(column: str, kind: str | None) -> str:
    if kind == "double":
        return f"({column} * {BITS} - ({column} * {BITS} - {column}))"
    return f"{column}::varchar" if kind == "varchar" else column


def _new_sign_offs(before: Path, after: Path) -> str:
    """Why tables were signed off since the version before, in one line; nothing if none was."""
    with duckdb.connect() as connection:
        for side, path in (("version_before", before), ("build", after)):
            connection.execute(f"attach {literal(path.resolve())} as {side} (read_only)")
        rows = connection.execute(
            f"""
            select signed_table || ': ' || sign_off_reason
            from build.{SIGN_OFFS}
            anti join version_before.{SIGN_OFFS} using (signed_table, signed_at, signed_by)
            order by all
            """
        ).fetchall()
    return "; ".join(reason for (reason,) in rows)
