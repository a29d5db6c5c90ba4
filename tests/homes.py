"""Homes of a test's own that keep what the session's refresh built, so that theirs builds less."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks import park_forms
from orchestration.settings import PROJECT_ROOT, Home

SAID = "said.txt"
WORKED_PARKS = PROJECT_ROOT / "tests" / "fixtures" / "park_account"
PARKS, ENTERPRISES, SEED = 60, 5, 17


def random_parks() -> Iterator[park_forms.Forms]:
    """The made-up parks of `observed_home`."""
    return park_forms.random_parks(PARKS, ENTERPRISES, SEED)


def keeping(published_home: Home, root: Path) -> Home:
    """A home without a version; what was built comes with it, and dbt's parse, even for a copy."""
    own = Home.resolve(root).ensure()
    shutil.copytree(published_home.kept, own.kept, dirs_exist_ok=True)
    shutil.copytree(published_home.target, own.target, dirs_exist_ok=True)
    return own


def published(published_home: Home, root: Path) -> Home:
    """The same with the version of the session in it."""
    own = keeping(published_home, root)
    release = published_home.current.resolve()
    shutil.copytree(release, own.releases / release.name)
    own.current.symlink_to(Path("releases") / release.name)
    return own
