"""The version that a refresh goes on from: the current one, or the last that is not damaged."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.publishing import integrity
from orchestration.publishing.releases import Version, versions
from orchestration.settings import DATABASE_NAME, Home


def last_sound(home: Home) -> tuple[Version | None, list[str]]:
    """The current version if its files are as published, else the newest that is; and what is
    wrong with those passed over, a line each.

    A version of which nobody kept what its files were counts as sound if it opens.
    """
    known = versions(home)
    told = []
    if home.current.is_symlink() and not any(entry.is_current for entry in known):
        told.append(f"version {home.current.resolve().name} is damaged: {DATABASE_NAME} is missing")
    for entry in sorted(known, key=lambda entry: not entry.is_current):
        found = integrity.damage(entry.path)
        if found is None:
            found = _cannot_open(entry.path / DATABASE_NAME)
        if not found:
            return entry, told
        told.append(f"version {entry.version} is damaged: {integrity.told(found)}")
    return None, told


def _cannot_open(database: Path) -> list[str]:
    try:
        duckdb.connect(str(database), read_only=True).close()
    except duckdb.Error as error:
        return [f"{database.name} does not open: {' '.join(str(error).split())}"]
    return []
