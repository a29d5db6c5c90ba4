"""Published versions: build aside, seal, swap one symlink, keep a few, roll back, read.

    <home>/build/<run id>/greenpark.duckdb       being built; nobody reads it
    <home>/releases/<version>/greenpark.duckdb   complete; never opened for writing again
    <home>/releases/<version>/public, analyst    its files for others: see audiences
    <home>/releases/<version>/version.json       what it was built from, and what its files are
    <home>/releases/<version>/PUBLISHED          since when readers could see it
    <home>/current -> releases/<version>         what readers open

Readers go through `current`, a symlink to a folder, so that the file keeps its name (DuckDB names
the catalog after it) and an open reader keeps its own version: its file stays until it closes,
even when the version is deleted.

One rule for writers: everything that changes the home happens under `run_lock`. `new_build` asks
for it; `publish`, `prune` and `rollback` take it themselves when their process does not hold it.

One rule about files: a process must not open a DuckDB file by other means (hash, copy, fsync)
while it has it open in DuckDB, because closing the second handle drops DuckDB's lock. Hence
`seal` first, and `publish` refuses a file that is still open.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration import locks, scratch, stopping
from orchestration.database import connect
from orchestration.errors import GreenparkError
from orchestration.publishing import integrity
from orchestration.publishing.integrity import MARKER, VERSION_FILE
from orchestration.settings import DATABASE_NAME, Home, kept_versions

_VERSION = re.compile(r"\d{8}T\d{6}Z-[A-Za-z0-9][A-Za-z0-9-]*")
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_RERUN = "run make refresh: it builds and publishes a new version from scratch"
FOR_ALL = "public"  # the folder of a version that everybody may read


@dataclass(frozen=True)
class Version:
    """One published version."""

    version: str
    published_at: datetime  # UTC
    is_current: bool
    size_bytes: int
    path: Path
    sequence: int = 0  # of publishing, whatever the clock said


# --- the lock ------------------------------------------------------------------------------------


@contextmanager
def run_lock(home: Home) -> Iterator[None]:
    """Hold the home's only write lock.

    It belongs to one process: child processes do not inherit it and may not publish. Raises
    GreenparkError, naming the holder's process id, when it is taken (also by this process).
    """
    home.ensure()
    with locks.hold(home.lock_file, home.root):
        yield


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    """Go on under the lock this process holds, or hold it for this block."""
    if locks.holds(home.lock_file):
        yield
    else:
        with run_lock(home):
            yield


# --- building ------------------------------------------------------------------------------------


def new_build(home: Home, run_id: str) -> Path:
    """Clear `build/` of what crashed runs left and return the path of the database to build.

    The folder exists, the file does not. Raises GreenparkError when the caller does not hold the
    run lock (it would delete somebody's build) or `run_id` cannot name a folder.
    """
    if not locks.holds(home.lock_file):
        raise GreenparkError(
            "a build was started without the run lock", "start it inside `with run_lock(home):`"
        )
    if not _RUN_ID.fullmatch(run_id):
        raise GreenparkError(
            f"{run_id!r} cannot name a build", "use letters, digits and dashes in the run id"
        )
    for leftover in home.build.iterdir():
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
    folder = home.build / run_id
    folder.mkdir()
    return folder / DATABASE_NAME


def seal(database: Path) -> None:
    """Write everything committed into the one file, so that it can be moved without its log.

    Raises GreenparkError when the file is missing, still open anywhere (this process included), or
    has a `.wal` beside it. Such a log is never replayed here: it comes from a connection that is
    still open, from a build that crashed, or from another file that had this name.
    """
    _check_database(database)
    try:
        with connect(database) as connection:
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise _still_in_use(database, error) from error
    _check_closed(database)
    _check_database(database)


def _check_database(database: Path) -> None:
    if not database.is_file():
        raise GreenparkError(f"there is no database at {database}", _RERUN)
    wal = database.with_name(database.name + ".wal")
    if wal.exists():
        raise GreenparkError(
            f"{wal} exists: {database.name} is still open, or its build crashed",
            f"close every connection to it before sealing (dbt: keep_open); or else {_RERUN}",
        )


def _check_closed(database: Path) -> None:
    """Open read-only, which fails as long as any process, also this one, has it open to write."""
    try:
        duckdb.connect(str(database), read_only=True).close()
    except duckdb.Error as error:
        raise _still_in_use(database, error) from error


def _still_in_use(database: Path, error: Exception) -> GreenparkError:
    return GreenparkError(
        f"{database} is still in use, or is not a sound DuckDB file: {error}",
        f"close every connection to it before sealing (dbt: keep_open); or else {_RERUN}",
    )


# --- publishing ----------------------------------------------------------------------------------


def publish(home: Home, build_dir: Path, version: str) -> Path:
    """Make a sealed, audited build the current version, prune old ones, return its folder.

    `build_dir` holds the database and `version.json`; `version` reads `20261122T221801Z-ab12cd34`
    (UTC time, run id); the order of publishing, not a clock, says which is newer. Readers see the
    old version until the symlink is replaced and the new one from then on. After a crash, either
    call it again with the same arguments (it goes on from `releases/<version>`) or publish the
    next version.

    Raises GreenparkError, with the current version untouched, when something is missing, the
    database is still open or has a `.wal`, or the version exists already.
    """
    keep = kept_versions()
    if not _VERSION.fullmatch(version):
        raise GreenparkError(
            f"{version!r} is not a version", "use a version such as 20261122T221801Z-ab12cd34"
        )
    release = home.releases / version
    with _locked(home):
        if build_dir.exists():
            if release.exists():
                raise GreenparkError(f"version {version} exists already at {release}", _RERUN)
            _check_complete(build_dir)
            integrity.record(build_dir, 1 + max(map(integrity.sequence, _folders(home)), default=0))
            _make_durable(build_dir)
            os.rename(build_dir, release)
            scratch.fsync(home.build)
            scratch.fsync(home.releases)
        else:
            _check_complete(release)
        _swap_current(home, version)
        prune(home, keep)
    return release


def _check_complete(folder: Path) -> None:
    database = folder / DATABASE_NAME
    _check_database(database)
    _check_closed(database)
    if not (folder / VERSION_FILE).is_file():
        raise GreenparkError(
            f"{folder} has no {VERSION_FILE}", f"write {VERSION_FILE} there before publishing"
        )


def _make_durable(folder: Path) -> None:
    """Make every file read-only and force it, and the folders' lists of files, to disk.

    What is for all may be read by all, the rest by the owner and the group.
    """
    for parent, _, names in os.walk(folder):
        top = Path(parent).relative_to(folder).parts[:1]
        is_for_all = top == (FOR_ALL,)
        for name in names:
            Path(parent, name).chmod(0o444 if is_for_all else 0o440)
        Path(parent).chmod(0o755 if is_for_all or not top else 0o750)
    scratch.fsync_all(folder)


def _swap_current(home: Home, version: str) -> None:
    """Point `current` at the version in one step, and mark it as published.

    The version that goes is marked first: a crash right after its own swap may have left it
    without a mark, and without one it would be pruned as a leftover.
    """
    if home.current.exists() and not home.current.is_symlink():
        raise GreenparkError(
            f"{home.current} is not a symlink, so something else made it",
            "move it away, then try again",
        )
    _mark_published(home, _current_version(home))
    link = home.root / ".current.next"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(home.releases.name, version))
    with stopping.undisturbed:
        os.replace(link, home.current)
        stopping.note_published(version)
    scratch.fsync(home.root)
    _mark_published(home, version)


def _mark_published(home: Home, version: str | None) -> None:
    """Write the mark of the version that `current` points to, unless it has one."""
    if version is None:
        return
    release = home.releases / version
    marker = release / MARKER
    if not release.is_dir() or marker.exists():
        return
    draft = release / f".{MARKER}.next"
    draft.write_text(f"{_swapped_at(home).isoformat()}\n")
    scratch.fsync(draft)
    os.replace(draft, marker)
    scratch.fsync(release)


def _swapped_at(home: Home) -> datetime:
    return datetime.fromtimestamp(int(home.current.lstat().st_mtime), UTC)


def _current_version(home: Home) -> str | None:
    try:
        return Path(os.readlink(home.current)).name
    except OSError:
        return None


def prune(home: Home, keep: int | None = None) -> list[str]:
    """Delete all but the newest `keep` published versions and the current one; return the names.

    Folders of versions that were never published do not count and go too. Readers that have a
    deleted version open keep it until they close. A folder that cannot be deleted now has lost
    its mark, so the next prune tries again. `keep` defaults to `kept_versions()`.
    """
    keep = kept_versions() if keep is None else keep
    if keep < 1:
        raise GreenparkError(f"cannot keep {keep} versions", "keep at least 1")
    with _locked(home):
        known = versions(home)
        kept = {version.version for version in known[:keep]} | {_current_version(home)}
        gone = [folder for folder in _folders(home) if folder.name not in kept]
        for folder in gone:
            (folder / MARKER).unlink(missing_ok=True)  # first: half a folder is never a version
            scratch.fsync(folder)  # also when the power goes
            shutil.rmtree(folder, ignore_errors=True)
    return [folder.name for folder in gone]


def versions(home: Home) -> list[Version]:
    """Return the published versions, newest first; an empty list when there is none.

    A version counts as published when it bears the mark, or is the current one.
    """
    current = _current_version(home)
    found = []
    for folder in _folders(home):
        if not (folder / DATABASE_NAME).is_file():
            continue
        with suppress(FileNotFoundError):  # pruned while we look, or never published
            marker = folder / MARKER
            if folder.name == current and not marker.exists():
                published_at = _swapped_at(home)
            else:
                published_at = _marked_at(marker)
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            is_current, place = folder.name == current, integrity.sequence(folder)
            found.append(Version(folder.name, published_at, is_current, size, folder, place))
    return sorted(found, key=lambda version: (version.sequence, version.version), reverse=True)


def _marked_at(marker: Path) -> datetime:
    """When a version was published; of a mark that is damaged, when it was written."""
    try:
        return datetime.fromisoformat(marker.read_text().strip())
    except ValueError:
        return datetime.fromtimestamp(int(marker.stat().st_mtime), UTC)


def named(home: Home, version: str | None) -> list[Version]:
    """The version of that name, or all of them if none is named.

    Raises GreenparkError, listing the versions there are, if there is no such version.
    """
    known = versions(home)
    found = [entry for entry in known if version in (None, entry.version)]
    if not found:
        there_are = ", ".join(entry.version for entry in known)
        raise GreenparkError(
            f"there is no published version {version or ''}".rstrip(),
            f"name another; the versions there are: {there_are}" if known else _RERUN,
        )
    return found


def _folders(home: Home) -> list[Path]:
    """The folders of versions, published or not."""
    return [path for path in sorted(home.releases.glob("*")) if _VERSION.fullmatch(path.name)]


def rollback(home: Home, version: str | None = None) -> Version:
    """Make an earlier version current again: the named one, or the one before the current.

    Nothing is deleted, so a rollback can be undone by naming the newer version. Raises
    GreenparkError, listing the versions there are, when there is nothing to go to.
    """
    with _locked(home):
        known = versions(home)
        names = [entry.version for entry in known]
        there_are = f"the versions there are: {', '.join(names)}" if names else _RERUN
        if version is None:
            current = _current_version(home)
            older = names[names.index(current) + 1 :] if current in names else []
            if not older:
                raise GreenparkError(
                    f"there is no version before the current one ({current or 'none'})",
                    f"name one to go to; {there_are}" if names else there_are,
                )
            version = next((n for n in older if not integrity.damage(home.releases / n)), None)
            if version is None:
                raise GreenparkError(
                    f"every version before the current one is damaged: {', '.join(older)}", _RERUN
                )
        elif found := integrity.damage(named(home, version)[0].path):
            raise GreenparkError(
                f"version {version} is damaged: {integrity.told(found)}",
                f"name another; {there_are}",
            )
        _swap_current(home, version)
        return next(entry for entry in versions(home) if entry.version == version)
