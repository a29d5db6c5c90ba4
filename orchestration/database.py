"""Opening DuckDB within the memory of the job, and saying what to do when that does not do."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import GreenparkError
from orchestration.settings import memory_limit

OUT_OF_MEMORY = "Out of Memory Error"
"""How the messages of DuckDB begin that are passed on as text, by dbt and by the gates."""


# As the system says it, whatever library passes it on.
DISK_FULL = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT))


# For files that only this DuckDB reads, and drafts: texts are then compressed by one method that is
# as quick to write as none.
OWN_STORAGE = {"storage_compatibility_version": "latest"}
# For what is published: the oldest DuckDB that reads it anyway. That of the default is 1.0, whose
# files keep 3 kB for each column, all of which are read to open one.
PUBLISHED_STORAGE = {"storage_compatibility_version": "v1.4.0"}


def connect(database: Path, **config: str | int) -> duckdb.DuckDBPyConnection:
    """Open a database to write, with the memory limit of the job; more goes to disk beside it."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit(),
        "temp_directory": f"{database}.tmp",
    }
    settings.update(config)
    connection = duckdb.connect(str(database), config=settings)
    # After two seconds it would go to stdout, whatever that is.
    connection.execute("set enable_progress_bar = false")
    return connection


def literal(text: str | Path) -> str:
    """A text as SQL: where no parameter can stand, and where the first one would import pandas."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL, whatever signs it has."""
    return '"' + name.replace('"', '""') + '"'


def one(cursor: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    """The one row of a query that always has one, such as a count."""
    row = cursor.fetchone()
    if row is None:
        raise LookupError("a query that has to give a row gave none")
    return row


def out_of_memory(step: str) -> GreenparkError:
    """The error of a step that neither memory nor disk was enough for."""
    return GreenparkError(
        f"out of memory: {step} used up {memory_limit()}, and writing to disk did not do",
        "set GREENPARK_MEMORY to more (such as 8GB), or make room on the disk",
    )


def disk_full(place: Path) -> GreenparkError:
    """The error of a step that found no room on the disk that holds a place."""
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return GreenparkError(
        f"the disk that holds {place} is full: {free / 1e6:,.0f} MB are free; nothing published",
        "make room there, or choose a home on another disk with --home or GREENPARK_HOME",
    )


def disk_full_of(error: BaseException | str, otherwise: Path) -> GreenparkError | None:
    """What to say if an error is that of a full disk: which one, by the path it names, if any."""
    if not is_disk_full(error):
        return None
    # What is written to, where a file is copied.
    named = getattr(error, "filename2", None) or getattr(error, "filename", None)
    told = re.search(r"""["'](/[^"']+)["']""", str(error))
    return disk_full(Path(named or (told[1] if told else otherwise)))


def is_disk_full(error: BaseException | str) -> bool:
    """Whether an error, or the text of one, says that a disk is full."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return any(sign in str(error) for sign in DISK_FULL)


@contextmanager
def within_memory(step: str) -> Iterator[None]:
    """Turn DuckDB's own error into one that names the step and the setting."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise out_of_memory(step) from error
