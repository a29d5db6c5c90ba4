"""The published file: what was built, each table written once, at the place where readers find it.

    <home>/kept/published.duckdb   what was published last, without what each run adds to it
    <home>/kept/published.json     what each of its tables, and all that names them, was made of

A run puts into the first what has changed, and the new version is a copy of it. The same for the
analysts' (`published_analyst`). That of the public is written from nothing where anything in it has
changed, since what is dropped from a file of DuckDB leaves its bytes there: into a copy of its
frame (`published_public_frame`), which has all names and no more rows than name them, and the large
tables first (`published_public_large`), which stay where none of them has changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import PUBLISHED_STORAGE, connect, literal, one
from orchestration.keeping.store import NODE_OF_TABLE
from orchestration.publishing import bi_views, explain_score
from orchestration.publishing.audiences import Audience, audience, text_of_rules
from orchestration.publishing.model_schema import (
    BEFORE,
    MODEL,
    WHOLE,
    SplitTable,
    create_parts,
    described,
    read_tables,
)
from orchestration.publishing.names import comment_columns, keep_old_names
from orchestration.publishing.reader_macros import create_reader_macros, describe_macros
from orchestration.publishing.restatement import create_restatement
from orchestration.publishing.table_macros import create_table_macros, text_of_macros
from orchestration.settings import memory_limit

MART_SCHEMAS = ("reference", "emissions", "indicators", "all_levels", "quality")
PUBLISHED_SCHEMAS = ("raw", *MART_SCHEMAS)
# Written anew by every run: they say when and how, so their content is not the marts' content.
RUN_TABLES = (
    "landing_log",
    "audit_results",
    "known_findings",
    "published_version",
    "table_hashes",
)
LARGE = 50_000  # rows of a table of which most of a file is
CLOSED = "closed"  # the stamp of a table without rows
FREE_AT_MOST = 0.1  # of the file; beyond that it is written anew
CODE = Path(__file__).parent
VIEWS = (
    "select schema_name, view_name, sql, comment from duckdb_views() where not internal "
    "and database_name = current_database() "
    "union all "
    "select schema_name, function_name, macro_definition, cast(parameters as varchar) "
    "from duckdb_functions() where not internal and database_name = current_database() "
    "and function_type in ('macro', 'table_macro') order by all"
)
# What is read of the tables to name others.
NAMING_TABLES = ("model_tables", "data_dictionary", "bi_views", "methods")
NAMING = tuple(f"model.greenpark.{name}" for name in NAMING_TABLES)
FRAME = frozenset(f"reference.{name}" for name in NAMING_TABLES)


@dataclass(frozen=True)
class _Built:
    """What stands in the database that was built, of the schemas that are published."""

    tables: dict[str, str]  # by its name: the place where readers find it
    rows: dict[str, str]  # by its name: the query for what they find there
    sizes: dict[str, int]  # by its name: how many rows were built
    stamps: dict[str, str | None]  # by its place: the content, None if that is not known
    views: dict[str, str]  # by its name: how it is created
    comments: dict[str, str]
    parts: list[SplitTable]
    dress: str  # a hash of all that is created over the tables


@dataclass(frozen=True)
class Copied:
    """What was done to make a file to be published."""

    written: list[str]  # the tables that were written anew
    views_sha256: str  # of the views and what is said of them, and of the macros
    free: float  # the share of the file that holds nothing


ADMIN = audience("admin")


def copy_published(
    built: Path,
    database: Path,
    carried: Path,
    schemas: Collection[str] = PUBLISHED_SCHEMAS,
    readers: Audience = ADMIN,
    memory: str | None = None,
) -> Copied:
    """Make the file to be published for some readers, of the schemas given.

    What was built stays as it is. `carried` is the file that the run before left, or is made.
    `memory` is all that may be taken, else the limit of the job.
    """
    write = _write_anew if readers.is_for_all else _carry
    copied = write(built, carried, schemas, readers, memory or memory_limit())
    shutil.copyfile(carried, database)
    return copied


def _carry(
    built: Path, carried: Path, schemas: Collection[str], readers: Audience, memory: str
) -> Copied:
    copied = _renew(built, carried, schemas, readers, memory)
    if copied is None or copied.free > FREE_AT_MOST:
        _forget(carried)
        copied = _renew(built, carried, schemas, readers, memory)
        assert copied is not None
    return copied


def _write_anew(
    built: Path, carried: Path, schemas: Collection[str], readers: Audience, memory: str
) -> Copied:
    """Write all rows into a copy of the frame, unless the file that is kept has these very rows.

    The large tables lie in a file between the two: to write them is most of the work.
    """
    frame, large = (
        carried.with_name(f"{carried.stem}_{layer}{carried.suffix}") for layer in ("frame", "large")
    )
    copied = _carry(built, frame, schemas, readers.only(FRAME), memory)
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(built)} as built (read_only)")
        found = _read(connection, schemas, readers)
    named = frame.with_suffix(".json").read_text(encoding="utf-8")
    shown = [
        name
        for name, place in found.tables.items()
        if found.stamps[place] != CLOSED and name not in FRAME
    ]
    first = [name for name in shown if found.sizes[name] >= LARGE]
    rest = [name for name in shown if found.sizes[name] < LARGE]
    stamps = {name: found.stamps[found.tables[name]] for name in shown}
    if _is_made_of(carried, [named, stamps]):
        return Copied([], copied.views_sha256, copied.free)
    written = rest
    large_of = [named, {name: stamps[name] for name in first}]
    if not _is_made_of(large, large_of):
        written = shown
        _fill(built, frame, large, first, found, large_of, memory)
    _fill(built, large, carried, rest, found, [named, stamps], memory)
    return Copied([found.tables[name] for name in written], copied.views_sha256, 0)


def _is_made_of(carried: Path, told: list[Any]) -> bool:
    said = carried.with_suffix(".json")
    return (
        carried.is_file()
        and said.is_file()
        and said.read_text(encoding="utf-8") == json.dumps(told, indent=1) + "\n"
    )


def _fill(
    built: Path,
    start: Path,
    carried: Path,
    names: list[str],
    found: _Built,
    told: list[Any],
    memory: str,
) -> None:
    """Write tables into a copy of a file, and say what it is made of then."""
    _forget(carried)
    shutil.copyfile(start, carried)
    with connect(carried, threads=1, memory_limit=memory) as connection:
        connection.execute(f"attach {literal(built)} as built (read_only)")
        connection.execute("begin")
        for name in names:
            connection.execute(f"insert into {found.tables[name]} {found.rows[name]}")
        connection.execute("commit; checkpoint")
    said = json.dumps(told, indent=1) + "\n"
    carried.with_suffix(".json").write_text(said, encoding="utf-8")


def _renew(
    built: Path, carried: Path, schemas: Collection[str], readers: Audience, memory: str
) -> Copied | None:
    """Write into the carried file what was built of other content, and drop what is gone.

    None if the file has to be written from nothing, since for all it may not be changed.
    """
    said = carried.with_suffix(".json")
    try:
        known = json.loads(said.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if not known or not carried.is_file():
        _forget(carried)
        known = {"dress": "", "views": "", "tables": {}}
    # What a crash leaves has no word of what it is made of, and is not carried.
    said.unlink(missing_ok=True)
    # One thread: with two, the same work takes a third more of the processors.
    with connect(carried, threads=1, memory_limit=memory, **PUBLISHED_STORAGE) as connection:
        connection.execute(f"attach {literal(built)} as built (read_only)")
        found = _read(connection, schemas, readers)
        stale = [
            name
            for name, place in found.tables.items()
            if found.stamps[place] is None or known["tables"].get(place) != found.stamps[place]
        ]
        is_dressed = known["dress"] == found.dress
        gone = sorted(known["tables"].keys() - set(found.tables.values()))
        if readers.is_for_all and known["tables"] and (stale or gone or not is_dressed):
            return None
        # Two transactions: what is said of a table that is not there yet costs three times as much.
        connection.execute("begin")
        if not is_dressed:
            _undress(connection)
        for place in gone:
            connection.execute(f"drop table {place}")
        for schema in (*schemas, WHOLE):
            connection.execute(f"create schema if not exists {schema}")
        for name in stale:
            rows = found.rows[name]
            connection.execute(f"create or replace table {found.tables[name]} as {rows}")
        connection.execute("commit; begin")
        if is_dressed:
            _describe(connection, found, stale)
            comment_columns(connection, [found.tables[name] for name in stale])
        else:
            _describe(connection, found, found.tables)
            _dress(connection, found)
            # DuckDB turns the list of a `rename` round each time it writes a file.
            known["views"] = _hash(connection.execute(VIEWS).fetchall())
        connection.execute("commit; checkpoint")
        free, total = one(
            connection.execute("select free_blocks, total_blocks from pragma_database_size()")
        )
    made_of = {"dress": found.dress, "views": known["views"], "tables": found.stamps}
    said.write_text(json.dumps(made_of, indent=1) + "\n", encoding="utf-8")
    return Copied([found.tables[name] for name in stale], known["views"], free / max(total, 1))


def _read(
    connection: duckdb.DuckDBPyConnection, schemas: Collection[str], readers: Audience
) -> _Built:
    wanted = [*schemas]
    rows = connection.execute(
        f"""
        select
            tables.schema_name, tables.table_name, tables.comment, kept.content,
            tables.estimated_size
        from duckdb_tables() as tables
        left join built.work.built as kept on {NODE_OF_TABLE}
        where tables.database_name = 'built' and list_contains($1, tables.schema_name)
        order by all
        """,
        [wanted],
    ).fetchall()
    views = connection.execute(
        "select schema_name || '.' || view_name, sql, comment from duckdb_views() "
        "where database_name = 'built' and not internal and list_contains($1, schema_name) "
        "order by all",
        [wanted],
    ).fetchall()
    columns = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = 'built' and list_contains($1, schema_name) order by all",
        [wanted],
    ).fetchall()
    naming = connection.execute(
        f"select node, content from built.work.built where node in {NAMING} order by all"
    ).fetchall()
    parts = read_tables(connection, "built.reference.model_tables")
    moved = {part.plain: f"{WHOLE}.{part.table_name}" for part in parts if part.is_moved}
    names = [f"{schema}.{name}" for schema, name, *_ in rows]
    places = {name: moved.get(name, name) for name in names}
    code = [
        path.read_text(encoding="utf-8")
        for path in sorted(CODE.iterdir())
        if path.suffix in (".py", ".sql", ".csv")
    ]
    told = [
        [row[:3] for row in rows],
        *(views, columns, naming, code, text_of_macros(), text_of_rules()),
        *(repr(explain_score.forms()), readers.name),
    ]
    # What a run says of itself is written into the copy; of others than the admin a part of it.
    of_run = {name for name in names if name.split(".")[1] in RUN_TABLES}
    unread = of_run if readers.name != "admin" else set()
    return _Built(
        tables=places,
        rows={
            name: f"from built.{name} limit 0" if name in unread else readers.rows(name, "built")
            for name in names
        },
        stamps={
            places[f"{schema}.{name}"]: CLOSED
            if f"{schema}.{name}" in unread or not readers.has(f"{schema}.{name}")
            else None
            if name in RUN_TABLES
            else content
            for schema, name, _, content, _ in rows
        },
        sizes={f"{schema}.{name}": size for schema, name, *_, size in rows},
        views={name: sql for name, sql, _ in views},
        comments={f"{schema}.{name}": text for schema, name, text, *_ in rows}
        | {name: text for name, _, text in views},
        parts=parts,
        dress=_hash(told),
    )


def _hash(told: list[Any]) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _describe(connection: duckdb.DuckDBPyConnection, found: _Built, names: Iterable[str]) -> None:
    """Say of tables what they are."""
    parts = {part.plain: part for part in found.parts if part.is_moved}
    comments = []
    for name in names:
        if (text := found.comments[name]) is not None:
            said = described(parts[name], WHOLE, text) if name in parts else text
            comments.append(f"comment on table {found.tables[name]} is {literal(said)}")
    if comments:
        connection.execute(";\n".join(comments))


def _undress(connection: duckdb.DuckDBPyConnection) -> None:
    """Take away all that was created over the tables."""
    for kind, catalogue, column, condition in (
        ("view", "duckdb_views()", "view_name", "true"),
        ("macro table", "duckdb_functions()", "function_name", "function_type = 'table_macro'"),
        ("macro", "duckdb_functions()", "function_name", "function_type = 'macro'"),
    ):
        for schema, name in connection.execute(
            f"select distinct schema_name, {column} from {catalogue} "
            f"where database_name = current_database() and not internal and {condition} "
            "order by all"
        ).fetchall():
            connection.execute(f'drop {kind} {schema}."{name}"')
    for schema in (MODEL, bi_views.SCHEMA, BEFORE, "v1"):
        connection.execute(f"drop schema if exists {schema}")


def _dress(connection: duckdb.DuckDBPyConnection, found: _Built) -> None:
    """Create the views and macros over the tables, and describe all of it."""
    for name, place in found.tables.items():
        if place != name:
            connection.execute(f"create view {name} as from {place}")
    _create_views(connection, [*found.views.values()])
    create_parts(connection, found.parts, queries_of(found.views), found.comments)
    bi_views.create_bi_views(connection)
    comment_columns(connection)
    create_table_macros(connection)
    create_reader_macros(connection)
    create_restatement(connection)
    explain_score.create_explain_score(connection)
    describe_macros(connection)
    keep_old_names(connection)


def queries_of(views: Mapping[str, str]) -> dict[str, str]:
    """The query of each view, of how it is created."""
    return {name: sql.split(" AS ", 1)[1].rstrip("; \n") for name, sql in views.items()}


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


def _forget(carried: Path) -> None:
    for path in (
        carried,
        carried.with_name(f"{carried.name}.wal"),
        carried.with_suffix(".json"),
    ):
        with suppress(FileNotFoundError):
            path.unlink()
