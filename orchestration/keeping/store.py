"""The work folder: made anew when it cannot be trusted, and what it says of itself."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import OWN_STORAGE, connect
from orchestration.scratch import fsync, fsync_all
from orchestration.settings import DATABASE_NAME, Home

STATE, MARK, LANDING = "state.json", "changing", "landing"
UNSYNCED = "unsynced_since_boot"  # in the state: which start of the machine wrote what may be lost
PUBLISHED = "published.duckdb"
# Another version of one of these may give other numbers, or write another file.
MADE_BY = ("duckdb", "dbt-core", "dbt-duckdb")
# Landed tables that say of runs when they were, or go on from version to version.
OF_RUNS = ("quality.landing_log", "quality.quarantine_history")
# Which node of what is kept (as `kept`) a table is (as `tables`): a model, or landed.
NODE_OF_TABLE = (
    "kept.node in ('model.greenpark.' || tables.table_name, "
    "tables.schema_name || '.' || tables.table_name)"
)
# How a node's content is told: the hash of a row does not depend on its place, nor does their sum.
SCHEMA = """
create schema work;
create table work.built (
    node varchar, key varchar, content varchar, row_count bigint, row_hash varchar
);
create table work.plan (node varchar, code varchar, parent varchar);
create table work.reads (node varchar, code varchar, seed varchar, parent varchar);
create table work.tests (
    node varchar, key varchar, status varchar, message varchar, failures bigint
);
create table work.tested (node varchar, code varchar);
create view work.keys as
select
    plan.node,
    md5(any_value(plan.code) || coalesce(
        string_agg(plan.parent || '=' || coalesce(parents.content, ''), '|' order by plan.parent),
        ''
    )) as current_key,
    any_value(built.key) as built_key
from work.plan as plan
left join work.built as parents on plan.parent = parents.node
left join work.built as built on plan.node = built.node
group by plan.node;
create macro work.content_of(relation) as table
select
    row_count || ':' || row_hash || ':' || md5(typeof(first_row)) as content,
    row_count,
    row_hash
from (
    select count(*) as row_count, to_hex(coalesce(sum(hash(t)::hugeint), 0)) as row_hash
    from query_table(relation) as t
)
cross join (
    select one_row as first_row
    from (select 1) as one
    left join (select t as one_row from query_table(relation) as t limit 1) on true
);
"""


class Store:
    """The work folder of a home."""

    def __init__(self, home: Home) -> None:
        self.folder = home.kept
        self.database = home.kept / DATABASE_NAME
        self.landing = home.kept / LANDING

    def open(self, anew: bool = False) -> None:
        """See that there is a work database that can be trusted; make it anew if asked to."""
        if anew or not self._is_sound():
            self.clear()
            self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            with self.changing(), connect(self.database, **OWN_STORAGE) as connection:
                connection.execute(SCHEMA)
            self.write_state(made_by=_made_by())

    def clear(self) -> None:
        """Throw everything away."""
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def _is_sound(self) -> bool:
        is_whole = self.database.is_file() and not (self.folder / MARK).exists()
        state = self.read_state()
        # What was written before the power went may have got to the disk in part.
        is_on_disk = state.get(UNSYNCED) in (None, _boot())
        return is_whole and is_on_disk and state.get("made_by") == _made_by()

    def contents(self) -> dict[str, str]:
        """The hash of the content of every node that is kept, and of every landed table."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return dict(connection.execute("select node, content from work.built").fetchall())

    def landed_key(self) -> str:
        """A hash of what is landed, but of what tells of runs."""
        return self._key_of("key = '' and not list_contains($1, node)", [[*OF_RUNS]])

    def built_key(self) -> str:
        """A hash of what the models hold; of a view that is its code."""
        return self._key_of("starts_with(node, 'model.')")

    def _key_of(self, which: str, given: Sequence[Any] = ()) -> str:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            rows = connection.execute(
                f"select node, content from work.built where {which} order by all", given
            ).fetchall()
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    def table_contents(self) -> dict[str, str]:
        """The same hashes by the table or view that holds the content, `schema.table`."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return dict(
                connection.execute(
                    f"""
                    select tables.schema_name || '.' || tables.table_name, kept.content
                    from (
                        select database_name, schema_name, table_name from duckdb_tables()
                        union all
                        select database_name, schema_name, view_name from duckdb_views()
                    ) as tables
                    inner join work.built as kept on {NODE_OF_TABLE}
                    where tables.database_name = current_database()
                    """
                ).fetchall()
            )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Mark the folder while it is changed: what ends without this block's end is not trusted.

        What fails in an orderly way takes the mark with it: each node is kept with its key in one
        transaction.
        """
        self.note_unsynced()
        mark = self.folder / MARK
        mark.touch()
        try:
            yield
        except duckdb.Error:
            raise
        except Exception:
            mark.unlink()
            raise
        mark.unlink()

    def note_unsynced(self) -> None:
        """Note, for sure, that what is kept will be changed by this start of the machine."""
        if self.read_state().get(UNSYNCED) != _boot():
            self.write_state(**{UNSYNCED: _boot()})
            fsync(self.folder / STATE)
            fsync(self.folder)

    def sync(self) -> None:
        """Get all that is kept onto the disk; from then on it is trusted whatever happens."""
        fsync_all(self.folder)
        self.write_state(**{UNSYNCED: None})
        fsync(self.folder / STATE)

    def read_state(self) -> dict[str, Any]:
        """What was kept by `write_state`; nothing if it cannot be read."""
        try:
            return dict(json.loads((self.folder / STATE).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def write_state(self, **said: Any) -> None:
        """Keep what is said beside what was kept before; None forgets."""
        state = {
            key: value for key, value in (self.read_state() | said).items() if value is not None
        }
        draft = self.folder / f".{STATE}"
        draft.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(self.folder / STATE)


def _boot() -> str | None:
    """Which start of the machine this is; None where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _made_by() -> list[str]:
    # How many threads a query has may change the last digits of sums.
    threads = os.environ.get("GREENPARK_QUERY_THREADS", "1")
    storage = OWN_STORAGE["storage_compatibility_version"]
    return [SCHEMA, threads, storage, *(f"{name} {version(name)}" for name in MADE_BY)]
