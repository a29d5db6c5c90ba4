"""One writer at a time: a lock on a file that names the process holding it.

The operating system drops the lock if the process dies; the file stays and means nothing by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from orchestration.errors import GreenparkError

_held: set[tuple[int, Path]] = set()  # with the process: a forked child holds nothing


@contextmanager
def hold(path: Path, what: Path) -> Iterator[None]:
    """Hold the lock file at `path`, which guards the folder `what`, for the block.

    Raises GreenparkError, naming the holder's process id, when the lock is taken (also by this
    process), or its file cannot be opened.
    """
    from filelock import FileLock, Timeout  # readers hold no lock and need not wait for this

    lock = FileLock(path, thread_local=False)
    try:
        if holds(path):
            raise _taken(path, what)
        lock.acquire(blocking=False)
    except Timeout:
        raise _taken(path, what) from None
    except OSError as error:
        raise GreenparkError(
            f"cannot open {path}: {error.strerror}",
            "run as the user who owns the home, or choose another with --home or GREENPARK_HOME",
        ) from error
    mine = (os.getpid(), path)
    _held.add(mine)
    try:
        path.write_text(f"{os.getpid()}\n")
        yield
    finally:
        _held.discard(mine)
        lock.release()


def holds(path: Path) -> bool:
    """Whether this very process holds the lock file at `path`."""
    return (os.getpid(), path) in _held


def _taken(path: Path, what: Path) -> GreenparkError:
    holder = ""
    with suppress(OSError):
        holder = path.read_text().strip()
    who = f"process {holder}" if holder.isdecimal() else "the process that holds it"
    return GreenparkError(
        f"another run is changing {what} ({who} holds {path})",
        f"wait until it has finished, or stop {who}, then try again; "
        "the lock goes with the process, there is no file to delete",
    )
