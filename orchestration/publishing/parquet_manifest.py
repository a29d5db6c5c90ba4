"""Which Parquet files a version has, by paths that stay the same when another is published.

    <home>/current/landing/manifest.json

Whoever lists the files through `current` may get some of one version and some of the next. The
manifest is one file, so it is read whole, and it names the files below the folder of its own
version, which stays for as many versions as are kept.
"""

from __future__ import annotations

import json
from pathlib import Path

from orchestration.settings import Home

MANIFEST = "manifest.json"


def write(home: Home, folder: Path, version: str) -> None:
    """Write beside the landed tables of a version that is being built what will be read of it."""
    place = Path(home.releases.name, version, folder.name)
    tables: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("*.parquet")):
        name = file.relative_to(folder)
        tables.setdefault(name.parts[0], []).append((place / name).as_posix())
    said = {"version": version, "tables": tables}
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
