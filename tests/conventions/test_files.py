"""What no file of the repository may hold: the paths and hosts of the machine it was written on."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
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
    """Every text file that is committed or would be by `git add`: its path and its text."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = [name for name in listing.stdout.decode().split("\0") if name]
    return [
        (name, Path(ROOT, name).read_bytes().decode("utf-8", errors="replace"))
        for name in sorted(names)
        if Path(name).suffix not in BINARY and Path(ROOT, name).is_file()
    ]


def test_no_environment_or_build_is_tracked() -> None:
    folders = {path.split("/")[0] for path, _ in _tracked() if "/" in path}
    assert folders == {
        ".ci",
        "benchmarks",
        "dashboards",
        "dbt_project",
        "docs",
        "expectations",
        "orchestration",
        "seeds",
        "tests",
    }


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
    expected |= {"Containerfile"}
    assert [
        path
        for path, _ in _tracked()
        if " " in path
        or (re.search("[A-Z]", Path(path).name) and Path(path).name.split(".")[0] not in expected)
    ] == []
