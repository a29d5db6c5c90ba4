"""What no file of the repository may hold: the paths and hosts of the machine it was written on."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Folders and files that .gitignore keeps out, and those that begin with a dot.
NOT_TRACKED = {"__pycache__", "logs", "target", "warehouse", "spark-warehouse"}
BINARY = {".png", ".jpg", ".gif", ".ico", ".pdf", ".duckdb", ".parquet", ".xlsx", ".zip", ".gz"}

# Split, so that this file does not hold them itself.
HOME_FOLDERS = "|".join(["home", "root", "Users", "work", "mnt", "workspace"])
ABSOLUTE_PATH = re.compile(rf"(?<![\w.}}~*/:-])/(?:{HOME_FOLDERS})/\w")
REGISTRY_HOSTS = re.compile(
    "|".join(["pypi" + r"\.org", "python" + r"hosted\.org", "artifact" + "ory", "nexus" + r"\."])
    + "|--(?:extra-)?index"
    + "-url|--find"
    + "-links",
    re.IGNORECASE,
)


@cache
def _tracked() -> list[tuple[str, str]]:
    """Every text file that may be committed: its path and its text."""
    files = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in NOT_TRACKED and not name.startswith(".") and ".egg-info" not in name
        ]
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix not in BINARY:
                text = path.read_bytes().decode("utf-8", errors="replace")
                files.append((path.relative_to(ROOT).as_posix(), text))
    return files


def test_no_file_holds_an_absolute_path() -> None:
    assert [
        (path, number, line.strip()[:80])
        for path, text in _tracked()
        for number, line in enumerate(text.splitlines(), start=1)
        if ABSOLUTE_PATH.search(line)
    ] == []


def test_no_file_names_a_registry() -> None:
    """The locks pin versions and hashes; where they come from is the machine's own setting."""
    assert [
        (path, number, line.strip()[:80])
        for path, text in _tracked()
        for number, line in enumerate(text.splitlines(), start=1)
        if REGISTRY_HOSTS.search(line)
    ] == []


def test_file_names_are_plain() -> None:
    """No space and no capital but in the names the world expects."""
    expected = {"README", "CONTRIBUTING", "DECISIONS", "CHANGELOG", "LICENSE", "Makefile", "NOTICE"}
    assert [
        path
        for path, _ in _tracked()
        if " " in path
        or (re.search("[A-Z]", Path(path).name) and Path(path).name.split(".")[0] not in expected)
    ] == []
