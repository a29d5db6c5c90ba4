"""What the files of the code mention, for the tests that none knows what is a row."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from orchestration.settings import PROJECT_ROOT

FOLDERS = ("dbt_project", "expectations", "orchestration")


def mentions(
    named_in: Callable[[str], list[str]], is_left_out: Callable[[str], object]
) -> dict[str, list[tuple[int, str]]]:
    """File to line and name of each hit of `named_in`, but for the files that are left out."""
    listed = subprocess.run(
        ["git", "ls-files", *FOLDERS], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = {}
    for name in listed:
        path = PROJECT_ROOT / name
        if not path.exists() or is_left_out(name):
            continue
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        hits = [(number, hit) for number, line in lines for hit in named_in(line)]
        if hits:
            found[name] = hits
    return found
