"""Pages kept from build to build: a page whose queries would read what they read before stands.

What a query reads the engine says itself: its own plan, not yet optimised, has every table behind
the views and macros. What is in a table says `quality.table_hashes`. A page that reads anything
else, such as what a run says of itself, is made each time.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.fresh import VIEWS, WHOLE
from orchestration.settings import PROJECT_ROOT

# What makes a page, beside what is in the file: all of it counts, so that nothing can be left out.
CODE = (
    Path(__file__).parent,
    PROJECT_ROOT / "docs" / "cookbook",
    PROJECT_ROOT / "orchestration" / "serving" / "output.py",
    PROJECT_ROOT / "orchestration" / "database.py",
)
MADE_BY = ("duckdb", "jinja2", "markupsafe")
VERSION = "⟦version⟧"  # stands in a page that is kept where the version is named
READS = "reads.json"
# Operators that hand on what others have read.
HAND_ON = {"CTE_SCAN", "DELIM_SCAN", "COLUMN_DATA_SCAN", "DUMMY_SCAN", "EMPTY_RESULT"}


class Contents:
    """What is in the tables that a query reads, for one published file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """`folder` holds what each query was found to read before."""
        self._connection = connection
        self._path = folder / READS
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            known = {}
        is_same = known.get("views") == self._views
        self._before: dict[str, list[str] | None] = known["reads"] if is_same else {}
        self._reads: dict[str, list[str] | None] = {}

    @cached_property
    def _views(self) -> str:
        return _hash(self._connection.execute(VIEWS).fetchall())

    @cached_property
    def _planner(self) -> duckdb.DuckDBPyConnection:
        planner = self._connection.cursor()  # the setting is that of a connection
        planner.execute("pragma disable_optimizer")
        return planner

    @cached_property
    def _of_tables(self) -> dict[str, str]:
        """The hash of each table by the place where it lies, `schema.table`."""
        rows = self._connection.execute(
            "select schema_name, table_name, row_count || ':' || content_hash "
            "from quality.table_hashes"
        ).fetchall()
        names = Counter(name for _, name, _ in rows)
        # One with rows of the model lies in another schema than that which readers know it by.
        return {f"{schema}.{name}": content for schema, name, content in rows} | {
            f"{WHOLE}.{name}": content for _, name, content in rows if names[name] == 1
        }

    def of(self, sql: str) -> list[tuple[str, str]] | None:
        """The tables that a query reads, each with what is in it; None if that is not known."""
        if sql not in self._reads:
            self._reads[sql] = self._before[sql] if sql in self._before else self._read(sql)
        read = self._reads[sql]
        if read is None or any(table not in self._of_tables for table in read):
            return None
        return [(table, self._of_tables[table]) for table in read]

    def _read(self, sql: str) -> list[str] | None:
        try:
            found = self._planner.execute(f"explain (format json) {sql}").fetchall()
        except duckdb.Error:
            return None
        read: set[str] = set()
        catalog = f"{self._planner.execute('select current_database()').fetchall()[0][0]}."
        waiting = list(json.loads(found[0][1]))
        while waiting:
            operator = waiting.pop()
            waiting += operator["children"]
            said, name = operator["extra_info"], operator["name"].strip()
            if "Table" in said:
                table = said["Table"].replace('"', "")
                if not table.startswith(catalog):
                    return None
                read.add(table.removeprefix(catalog))
            elif "Function" in said or (name.endswith("SCAN") and name not in HAND_ON):
                return None
        return sorted(read)

    def write(self) -> None:
        """Keep what the queries of this build read."""
        said = {"views": self._views, "reads": self._reads}
        self._path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")


class Pages:
    """Pages of the build before, each in a file under the hash of all that it was made of."""

    def __init__(
        self, folder: Path, connection: duckdb.DuckDBPyConnection, said: list[Any]
    ) -> None:
        """`said` is what every page of this build is told."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._contents = Contents(connection, folder)
        self._said = _hash([_code(), said])
        self._used: set[str] = set()

    def key(self, queries: Iterable[str], said: list[Any]) -> str | None:
        """The key of a page by its queries and what else it is told; None if it may not stand."""
        read = [(query, self._contents.of(query)) for query in queries]
        if any(tables is None for _, tables in read):
            return None
        return _hash([self._said, said, read])

    def page(self, key: str | None) -> dict[str, Any] | None:
        """The page that is kept under a key, if one is."""
        try:
            page = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        self._used.add(str(key))
        return dict(page)

    def keep(self, key: str | None, page: dict[str, Any]) -> None:
        """Keep a page for the builds to come."""
        if key is not None:
            self._used.add(key)
            draft = self._folder / "draft"
            draft.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
            draft.replace(self._folder / f"{key}.json")

    def finish(self) -> None:
        """Delete the pages that this build did not have."""
        self._contents.write()
        for path in self._folder.glob("*.json"):
            if path.name != READS and path.stem not in self._used:
                path.unlink()


def _code() -> str:
    """The hash of what makes pages, and of what it is made with."""
    digest = hashlib.sha256(repr([(name, version(name)) for name in MADE_BY]).encode())
    for place in CODE:
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(PROJECT_ROOT)}:".encode() + path.read_bytes())
    return digest.hexdigest()


def _hash(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()
