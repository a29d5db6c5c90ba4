"""A landing into a database that is thrown away, to see what would be refused and why."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from orchestration import scratch, sign_offs, words
from orchestration.errors import GreenparkError
from orchestration.landing.land import land
from orchestration.landing.read.sidecar import find_sidecar
from orchestration.landing.write.report import LandingReport
from orchestration.serving import output
from orchestration.settings import Home, data_roots


def check(
    home: Home,
    extra: list[Path],
    on_file: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> LandingReport:
    """Land the shipped, environment's and `extra` folders aside and report; nothing is kept."""
    roots = data_roots(extra)
    home.ensure()
    unsigned = sign_offs.check(roots)
    with scratch.folder(home.tmp, "land") as folder:
        found = land(folder / "check.duckdb", roots, on_file)
    return replace(found, notes=[*found.notes, *unsigned])


def check_files(home: Home, paths: Sequence[Path]) -> LandingReport:
    """Land some files with their sidecars aside, together, and report; nothing is kept.

    What only other files can show (other editions, a parent region) is not seen by it.
    """
    home.ensure()
    with scratch.folder(home.tmp, "land") as folder:
        return land(folder / "check.duckdb", [gathered(paths, folder / "data")])


def gathered(paths: Sequence[Path], folder: Path) -> Path:
    """Make a data folder of files and their sidecars, and return it.

    They are second names of the same files, or copies on another disk: links are not read.

    Raises GreenparkError for a file that is not there, or two of the same name and folder name.
    """
    for path in paths:
        if not path.is_file():
            raise GreenparkError(f"no file {path}", "name a raw file")
        place = folder / path.resolve().parent.name
        place.mkdir(parents=True, exist_ok=True)
        if (place / path.name).exists():
            raise GreenparkError(
                f"two files are called {place.name}/{path.name}", "name one of them at a time"
            )
        sidecar = find_sidecar(path)
        for source in filter(Path.is_file, (path, sidecar) if sidecar else (path,)):
            link = place / source.name
            if not link.exists():
                try:
                    link.hardlink_to(source.resolve())
                except OSError:
                    shutil.copyfile(source, link)
    return folder


def render(found: LandingReport, lang: str, width: int | None) -> str:
    """The files for people, with one line of totals."""
    rows = [
        [
            file.file_name,
            file.vintage,
            output.number(file.rows_read),
            output.number(file.rows_accepted),
            output.number(file.rows_quarantined),
        ]
        for file in found.files
    ]
    say = words.Speaker(lang)
    columns = say.each("file", "vintage", "read", "accepted", "quarantined")
    total = say(
        "{files} files, {accepted} rows accepted, {refused} quarantined, {superseded} superseded"
    ).format(
        files=len(found.files),
        accepted=f"{found.rows_accepted:,}",
        refused=f"{found.rows_refused:,}",
        superseded=f"{found.rows_superseded:,}",
    )
    return f"{output.table(columns, rows, width)}{total}\n"
