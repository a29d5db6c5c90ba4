"""What is refused, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orchestration.landing.map.cell import Cell
from orchestration.landing.read.files import FileContent
from orchestration.landing.read.formats import WORKBOOKS, detect_format
from orchestration.landing.read.sheet import Unreadable


def refused_lines(content: FileContent) -> Iterator[Cell]:
    """Every line of a refused file as it stands, so that nothing is lost; a workbook as one."""
    encoding = content.sidecar.encoding if content.sidecar else "utf-8"
    if content.file.fault or not _has_lines(content.file.path):
        yield Cell(1, 0, "", f"{content.bytes_read} bytes, sha256 {content.sha256}")
        return
    count = 0
    with content.file.path.open(encoding=encoding, errors="backslashreplace", newline="") as lines:
        try:
            for count, line in enumerate(lines, start=1):
                yield Cell(count, 0, "", line.rstrip("\r\n"))
        except UnicodeError:  # UTF-16 without its mark, or cut in half, has no more lines
            pass
    if not count:
        yield Cell(1, 0, "", "")


def _has_lines(path: Path) -> bool:
    """Is this a file whose lines a person could read?"""
    try:
        return detect_format(path) not in WORKBOOKS
    except Unreadable:
        return path.stat().st_size == 0
