"""What lies in the data folders, and what only seems to: links, pipes, devices."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path


def not_inside(path: Path, roots: Iterable[Path]) -> tuple[str, str] | None:
    """What a path is if it is not to be read, in both languages; None of a file of the roots.

    The roots are resolved paths. A link may lead to another file below one of them. A second name
    of a file (a hard link) cannot be told from a first.
    """
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        said = os.fsencode(os.readlink(path)).decode("utf-8", "backslashreplace")
        return None if _is_inside(path, roots) else (f"a link to {said}", f"指向 {said} 的链接")
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISDIR(mode):
        return "a folder", "文件夹"
    return "a pipe, a socket or a device", "管道、套接字或设备"


def is_read(path: Path, roots: Iterable[Path]) -> bool:
    """Whether there is a file at a path, and one of the roots."""
    return os.path.lexists(path) and not not_inside(path, roots)


def _is_inside(link: Path, roots: Iterable[Path]) -> bool:
    """Does a link lead to a file below one of the roots?"""
    try:
        target = link.resolve()
        return any(target.is_relative_to(root) for root in roots) and stat.S_ISREG(
            target.lstat().st_mode
        )
    except (OSError, RuntimeError):  # it leads nowhere, or to itself
        return False
