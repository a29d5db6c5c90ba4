"""What a refresh is made of, as hashes: of all of it, and of what the landing reads of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from orchestration.landing.read.inside import is_read, not_inside
from orchestration.settings import PROJECT_ROOT

CODE = ("orchestration", "expectations", "dbt_project")
CODE_SUFFIXES = frozenset({".py", ".sql", ".yml", ".csv"})
REFERENCE = PROJECT_ROOT / "seeds" / "reference"
LANDING_CODE = (
    "orchestration/landing",
    "orchestration/database.py",
    "orchestration/errors.py",
    "orchestration/run_tables.py",
    "orchestration/settings.py",
    "expectations/rules.py",
)
CORRECTIONS = "corrections.csv"
# Files of which the landing reads only the rows that its code or another table names, by their
# first column.
READ_BY_ROW = frozenset({"thresholds/thresholds.csv"})
# What columns mean: names columns, some of them as a threshold is named, but no threshold.
NAMES_NO_ROW = frozenset({"catalog/columns.csv"})
RULES = PROJECT_ROOT / "expectations" / "rules.csv"
WORD = re.compile(rb"\w+")


def whole_key(roots: list[Path], options: dict[str, Any]) -> str:
    """The hash of every file of the data folders and of the code, and of what was asked for."""
    digest = _Digest()
    for folder in CODE:
        digest.add_files(PROJECT_ROOT / folder, code_only=True)
    for root in roots:
        digest.add("root")
        digest.add_files(root, roots=roots)
    digest.add(json.dumps(options, sort_keys=True, default=str))
    digest.add(json.dumps([_expired(roots), date.today().year]))
    # So that what a setting of the environment does is never missed.
    digest.add(os.environ.get("GREENPARK_QUERY_THREADS", ""))
    return digest.value


class Keys(NamedTuple):
    """What a landing is made of, as hashes."""

    raw: str  # all that the landing of raw files reads, the quarantine's history aside
    folders: str  # what the united tables of methods and reports are made of
    # The files that are given to a refresh, whatever it makes of them: raw files, sidecars,
    # corrections, folders of methods and reports; no code and no other rows.
    given: str


def keys(roots: list[Path], without: Iterable[str]) -> Keys:
    """The hashes of a landing, of one reading of the raw files."""
    from orchestration.landing.row_folders import METHOD_FOLDERS, MODULES

    files = _Digest()
    files.add_raw_files(roots, without)
    files.add_file(REFERENCE / "corrections" / CORRECTIONS)
    given = files.copy()
    given.add_folders(roots)
    folders = _Digest()
    folders.add_folders(roots)
    made_by = {Path(module.__file__ or "").stem for module in MODULES}
    for path in _code("orchestration/landing"):
        if path.stem in {"folders", *made_by}:
            folders.add_file(path)

    code = b"\n".join(path.read_bytes() for place in LANDING_CODE for path in _code(place))
    files.add(code)
    files.add(json.dumps([row for row in _rows(RULES) if row["gate"] == "landing"]))
    named = [
        (name, path)
        for path in sorted(REFERENCE.rglob("*.csv"))
        if (name := path.relative_to(REFERENCE).as_posix()).encode() in code
        and name.split("/")[0] not in METHOD_FOLDERS
    ]
    words = set(WORD.findall(code))
    for name, path in named:
        files.add(name)
        if name not in READ_BY_ROW:
            files.add_file(path)
            if name not in NAMES_NO_ROW:
                words |= set(WORD.findall(path.read_bytes()))
    for name, path in named:
        if name in READ_BY_ROW:
            rows = [[*row.values()] for row in _rows(path)]
            files.add(json.dumps([row for row in rows if row[0].encode() in words]))
    return Keys(files.value, folders.value, given.value)


def _expired(roots: list[Path]) -> list[str]:
    """The corrections whose term has passed, which the day of the run decides."""
    today = date.today().isoformat()
    places = [root.resolve() for root in (REFERENCE, *roots)]
    paths = [REFERENCE / "corrections" / CORRECTIONS, *(root / CORRECTIONS for root in roots)]
    return [
        row.get("correction_id") or ""
        for path in paths
        if is_read(path, places)
        for row in _rows(path)
        if (row.get("expires_on") or "") < today
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    return list(csv.DictReader(io.StringIO(text)))


def _code(place: str) -> Iterator[Path]:
    path = PROJECT_ROOT / place
    if path.is_file():
        yield path
    else:
        yield from sorted(p for p in path.rglob("*") if p.suffix in CODE_SUFFIXES)


class _Digest:
    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    @property
    def value(self) -> str:
        return self._digest.hexdigest()

    def copy(self) -> _Digest:
        """Another that goes on from what was added so far."""
        other = _Digest()
        other._digest = self._digest.copy()
        return other

    def add(self, said: str | bytes) -> None:
        text = said.encode() if isinstance(said, str) else said
        self._digest.update(f"{len(text)}:".encode())
        self._digest.update(text)

    def add_file(self, path: Path) -> None:
        try:
            with path.open("rb") as handle:
                self._digest.update(hashlib.file_digest(handle, "sha256").digest())
        except OSError as error:  # the landing says by name which file it is
            self.add(error.strerror or "unreadable")

    def add_raw_files(self, roots: list[Path], without: Iterable[str]) -> None:
        """Raw files, their sidecars, corrections of a root, and which of it is left out."""
        from orchestration.landing.read.files import SIDECAR, find_files

        places = [root.resolve() for root in roots]
        for file in find_files(roots):
            self.add(json.dumps([file.name, file.root_rank, file.fault, file.fault_detail]))
            for path in (
                file.path,
                file.path.with_suffix(SIDECAR),
                file.path.with_name(file.path.name + SIDECAR),
            ):
                self.add(os.fsencode(path.name))
                if is_read(path, places):
                    self.add_file(path)
        for root in roots:
            decided = root / CORRECTIONS
            is_there = is_read(decided, places)
            self.add(str(is_there))
            if is_there:
                self.add_file(decided)
        # An edition of the year to come is refused until the year before it.
        self.add(json.dumps([sorted(without), _expired(roots), date.today().year]))

    def add_folders(self, roots: list[Path]) -> None:
        """The files of methods and reports."""
        from orchestration.landing import folders
        from orchestration.landing.row_folders import KINDS

        for kind in KINDS:
            for file in folders.find_files(kind, roots):
                self.add(json.dumps([file.owner, file.file, file.name]))
                self.add_file(file.path)

    def add_files(
        self, folder: Path, code_only: bool = False, roots: Iterable[Path] | None = None
    ) -> None:
        """All files below a folder, hidden ones and what programs leave behind aside.

        With `roots`, of what is no file of these folders what it is: a link, a pipe.
        """
        places = None if roots is None else [root.resolve() for root in roots]
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(
                name for name in folders if not name.startswith((".", "__")) and name != "target"
            )
            links = [name for name in folders if Path(place, name).is_symlink()]
            for name in sorted([*names, *links]):
                path = Path(place, name)
                if name.startswith(".") or (code_only and path.suffix not in CODE_SUFFIXES):
                    continue
                self.add(os.fsencode(path.relative_to(folder)))
                outside = None if places is None else not_inside(path, places)
                if outside:
                    self.add(outside[0])
                else:
                    self.add_file(path)
