"""Whether a published version is still what was published: its files by size and sha256.

They stand in its `version.json` with its place in the sequence of publishing, which no clock
decides. A process must not read a database in this way while it has it open to write (see
`releases`): versions are sealed first, and never opened to write again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.hashes import file_sha256

VERSION_FILE = "version.json"
MARKER = "PUBLISHED"
SEQUENCE, FILES = "sequence", "files"


def record(folder: Path, sequence: int) -> None:
    """Write into `version.json` of a sealed build what its files are, and its place."""
    files = {
        name: {"bytes": (folder / name).stat().st_size, "sha256": file_sha256(folder / name)}
        for name in _names(folder)
    }
    note(folder, **{SEQUENCE: sequence, FILES: files})


def note(folder: Path, **more: Any) -> None:
    """Write what more `version.json` is to say."""
    said = read(folder) | more
    draft = folder / f".{VERSION_FILE}.next"
    draft.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    os.replace(draft, folder / VERSION_FILE)


def read(folder: Path) -> dict[str, Any]:
    """What `version.json` says; nothing if it cannot be read."""
    try:
        said = json.loads((folder / VERSION_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def sequence(folder: Path) -> int:
    """The place of a version in the sequence of publishing; 0 of one from before there was any."""
    found = read(folder).get(SEQUENCE)
    return found if isinstance(found, int) else 0


def damage(folder: Path) -> list[str] | None:
    """What is wrong with the files of a version; None if nobody kept what they were."""
    said = read(folder)
    if not said:
        return [f"{VERSION_FILE} cannot be read"]
    if not isinstance(said.get(FILES), dict):
        return None
    there = {*_names(folder)}
    found = [f"{name} is not of this version" for name in sorted(there - said[FILES].keys())]
    for name, was in said[FILES].items():
        if name not in there:
            found.append(f"{name} is missing")
            continue
        try:
            size = (folder / name).stat().st_size
            if size != was["bytes"]:
                found.append(f"{name} has {size} bytes, not {was['bytes']}")
            elif file_sha256(folder / name) != was["sha256"]:
                found.append(f"{name} is not as published: its sha256 is another")
        except (OSError, KeyError, TypeError):
            found.append(f"{name} cannot be read")
    return found


def told(damage: list[str]) -> str:
    """What is wrong in one line: the first file, and how many more."""
    return damage[0] + (f" (and {len(damage) - 1} more files)" if damage[1:] else "")


def _names(folder: Path) -> Iterator[str]:
    """The files of a version, by their paths, but what is written about it."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in (VERSION_FILE, MARKER) and not name.startswith("."):
            yield name
