"""Folders below `<home>/tmp` that a process makes for itself, and what is done when it died.

Their names say whose they are: host, process id. Of a process of this host that has ended they
are swept when the next run starts; of other hosts, which may share a home, after a day.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOREIGN_KEPT_S = 86_400
_NAME = re.compile(r"[a-z]+-(?P<host>[A-Za-z0-9_.]+)-(?P<pid>\d+)-[a-z0-9_]+")


def fsync(path: Path) -> None:
    """Get a file, or a folder's list of names, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_all(folder: Path) -> None:
    """Get a folder with all that is in it onto the disk."""
    for place, _, names in os.walk(folder):
        for file in names:
            fsync(Path(place, file))
        fsync(Path(place))


def name(kind: str) -> str:
    """A new name for a folder of this process."""
    return f"{_prefix(kind)}{uuid.uuid4().hex[:12]}"


@contextmanager
def folder(tmp: Path, kind: str) -> Iterator[Path]:
    """A folder of this process, there for the block."""
    with tempfile.TemporaryDirectory(prefix=_prefix(kind), dir=tmp) as made:
        yield Path(made)


def sweep(tmp: Path) -> list[str]:
    """Delete what ended processes left behind; returns the names."""
    swept = []
    for path in sorted(tmp.iterdir()):
        with suppress(FileNotFoundError):  # its owner cleans up at this moment
            if _is_left(path):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()
                swept.append(path.name)
    return swept


def _is_left(path: Path) -> bool:
    if path.name.startswith("spark") or path.name == "dbt":
        return False  # of runs, which are one at a time and empty them
    owner = _NAME.fullmatch(path.name)
    if owner and owner["host"] == _host():
        return not _runs(int(owner["pid"]))
    return time.time() - path.lstat().st_mtime > FOREIGN_KEPT_S


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # of another user
    return True


def _prefix(kind: str) -> str:
    return f"{kind}-{_host()}-{os.getpid()}-"


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9_.]", "_", socket.gethostname()) or "localhost"
