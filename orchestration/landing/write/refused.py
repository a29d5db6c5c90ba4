"""What is refused, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from orchestration.landing.map.cell import Cell
from orchestration.landing.read import limits
from orchestration.landing.read.files import FileContent
from orchestration.landing.read.formats import WITHOUT_LINES, detect_format
from orchestration.landing.read.sheet import Unreadable


def refused_lines(content: FileContent) -> Iterator[Cell]:
    """The lines of a refused file as they stand, so that nothing is lost; a workbook or Parquet
    as one.

    Of a file that is no table a person made (a line of 300 MB, millions of lines) there is an
    excerpt: the file itself still has the rest.
    """
    encoding = content.sidecar.encoding if content.sidecar else "utf-8"
    path = content.file.path
    if not content.sha256:
        yield Cell(1, 0, "", content.fault_detail)
        return
    if content.file.fault or not _has_lines(path):
        yield Cell(1, 0, "", f"{content.bytes_read} bytes, sha256 {content.sha256}")
        return
    count = 0
    most = limits.current()
    with path.open(encoding=encoding, errors="backslashreplace", newline="") as lines:
        try:
            for count, line in enumerate(_starts(lines, most.excerpt_characters + 2), start=1):
                if count > most.excerpt_lines:
                    rest = f"from line {count} on; {content.bytes_read} bytes in all"
                    yield Cell(count, 0, "", f"… {rest}, sha256 {content.sha256}")
                    return
                yield Cell(count, 0, "", line.rstrip("\r\n"))
        except UnicodeError:  # UTF-16 without its mark, or cut in half, has no more lines
            pass
    if not count:
        yield Cell(1, 0, "", "")


def _starts(lines: IO[str], most: int) -> Iterator[str]:
    """The start of each line; what follows is passed over, some at a time."""
    while line := lines.readline(most):
        yield line
        while len(line) == most and not line.endswith(("\n", "\r")):
            line = lines.readline(most)


def _has_lines(path: Path) -> bool:
    """Is this a file whose lines a person could read?"""
    try:
        return detect_format(path) not in WITHOUT_LINES
    except Unreadable:
        return path.stat().st_size == 0
