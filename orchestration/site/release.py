"""The site of a version: built into its folder before readers see it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from orchestration.publishing.audiences import Name, file_of
from orchestration.settings import Home, site_setting

SITE = "site"
READERS: Name = "analyst"  # whose file it is made of
DRAWINGS = "drawings"  # of the folder of what is kept: charts drawn before


def build_into(
    version: Path,
    home: Home,
    previous: Path | None,
    say: Callable[[str], None],
    memory: str | None = None,
) -> None:
    """Build the site of a version from the analysts' file, unless GREENPARK_SITE says not to.

    `previous` is the database of the version to compare with; its file of the same name is read.
    `memory` is what DuckDB may take.

    A site that cannot be built holds no data back: the version is published without it, and the
    run says why. Half a site is never left.
    """
    setting = site_setting()
    if setting == "off":
        return
    from orchestration.serving import lineage
    from orchestration.site.build import build

    folder = version / SITE
    before = file_of(previous.parent, READERS) if previous else None
    try:
        folder.mkdir()
        database = file_of(version, READERS)
        pages = build(
            database,
            folder,
            home.kept / DRAWINGS,
            before if before and before.exists() else None,
            setting != "without_map",
            memory=memory,
            lineage=lineage.kept(home, database, home.kept / DRAWINGS),
        )
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        say(f"the site was not built: {type(error).__name__}: {error}")
        return
    say(f"built the site: {pages} pages")
