"""What no file of the repository may hold: the paths and hosts of the machine it was written on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_TRACKED = {
    ".git",
    ".venv",
    ".hypothesis",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "logs",
    "target",
    "warehouse",
}
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


def _tracked() -> Iterator[tuple[str, str]]:
    """Every text file that may be committed: its path and its text."""
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        ignored = NOT_TRACKED.intersection(relative.parts) or ".egg-info" in str(relative)
        if ignored or path.suffix in BINARY or not path.is_file():
            continue
        yield relative.as_posix(), path.read_bytes().decode("utf-8", errors="replace")


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
