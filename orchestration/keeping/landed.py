"""The landing kept: read again only when what it reads is another, and table by table."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from orchestration import scratch
from orchestration.database import OWN_STORAGE, connect, literal, within_memory
from orchestration.errors import Note
from orchestration.keeping import inputs
from orchestration.keeping.store import Store
from orchestration.landing import folders, row_folders
from orchestration.landing.land import land
from orchestration.landing.write.parquet import export_landing
from orchestration.landing.write.report import LandedFile, LandingReport
from orchestration.settings import DATABASE_NAME, Home

FOLDERS = tuple(kind.schema for kind in row_folders.KINDS)
LANDED = ("raw", "quality")
HISTORY = "quality.quarantine_history"
# When a table was written is no content of it.
WRITTEN_AT = {"quality.landing_log": "loaded_at"}


def land_kept(
    home: Home,
    store: Store,
    roots: list[Path],
    without: frozenset[str],
    published: Path | None,
    keys: inputs.Keys | None = None,
) -> LandingReport:
    """Land into the work database what is not landed there yet; what a whole landing reports.

    `published` is the database of the version before, whose quarantine goes on; `keys` are those of
    the files, if the caller has read them just now. Raises what `landing.land.land` raises.
    """
    folders.refuse_links(row_folders.KINDS, roots)
    state = store.read_state()
    raw, rows, _ = keys or inputs.keys(roots, without)
    is_landed = state.get("raw") == raw and _history(published) in state.get("histories", [])
    if is_landed and state.get("folders") == rows:
        return _report_of(state["report"])
    with scratch.folder(home.tmp, "land") as folder:
        draft = folder / DATABASE_NAME
        with within_memory("the landing"):
            if is_landed:
                report = _report_of(state["report"])
                with connect(draft, **OWN_STORAGE) as connection:
                    row_folders.load(connection, roots)
                _take_over(store, draft, FOLDERS)
            else:
                report = land(draft, roots, previous=published, without=without)
                _take_over(store, draft, (*FOLDERS, *LANDED))
            with store.changing():
                export_landing(store.database, store.landing)
    with duckdb.connect(str(store.database), read_only=True) as connection:
        (now,) = connection.execute(
            f"select row_hash from work.built where node = '{HISTORY}'"
        ).fetchall()
    histories = state["histories"] if is_landed else [_history(published), *now]
    store.write_state(raw=raw, folders=rows, histories=histories, report=dataclasses.asdict(report))
    return report


def _take_over(store: Store, draft: Path, schemas: Iterable[str]) -> None:
    """Put the tables of a draft in the place of those of another content, and drop what is gone."""
    with store.changing(), connect(store.database) as connection:
        connection.execute(f"attach {literal(draft)} as draft (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'draft' and not temporary and not internal order by all"
        ).fetchall()
        known = dict(connection.execute("select node, content from work.built").fetchall())
        stand = {
            table
            for (table,) in connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() "
                "where database_name = current_database()"
            ).fetchall()
        }
        for schema in schemas:
            connection.execute(f"create schema if not exists {schema}")
        for (table,) in tables:
            left_out = f"* exclude ({WRITTEN_AT[table]})" if table in WRITTEN_AT else "*"
            connection.execute(
                f"create or replace temp view taken as select {left_out} from draft.{table}"
            )
            ((content, rows, row_hash),) = connection.execute(
                "from work.content_of('taken')"
            ).fetchall()
            if table in stand and known.get(table) == content and table not in WRITTEN_AT:
                continue
            connection.execute(
                f"""
                begin;
                create or replace table {table} as from draft.{table};
                delete from work.built where node = '{table}';
                insert into work.built
                values ('{table}', '', '{content}', {rows}, '{row_hash}');
                commit
                """
            )
        connection.execute("drop view if exists taken")
        landed = {table for (table,) in tables}
        for table in sorted(stand - landed):
            # Of `quality` the landing has a few tables among the marts.
            if table.split(".")[0] in {*schemas} - {"quality"}:
                connection.execute(f"drop table {table}")
                connection.execute(f"delete from work.built where node = '{table}'")


def _history(published: Path | None) -> str:
    """The hash of the quarantine's history that readers see now."""
    if published is None:
        return ""
    with duckdb.connect(str(published.resolve()), read_only=True) as connection:
        found = connection.execute(
            "select content_hash from quality.table_hashes "
            f"where schema_name || '.' || table_name = '{HISTORY}'"
        ).fetchone()
    return str(found[0]) if found else ""


def _report_of(said: dict[str, Any]) -> LandingReport:
    return LandingReport(
        **said
        | {
            "files": [LandedFile(**file) for file in said["files"]],
            "notes": [Note(*note) for note in said["notes"]],
        }
    )
