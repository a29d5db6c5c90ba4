"""The raw files below the data folders, and what the sidecar of each says of it."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.errors import Note
from orchestration.landing.folders import CORRECTIONS, SIGN_OFFS
from orchestration.landing.read.formats import SUFFIXES
from orchestration.landing.read.inside import not_inside
from orchestration.landing.read.sidecar import Sidecar, SidecarError, find_sidecar, read_sidecar
from orchestration.landing.reports import REPORTS
from orchestration.landing.row_folders import METHOD_FOLDERS

SKIPPED_FOLDERS = {"reference", *METHOD_FOLDERS}
SIDECAR = ".yml"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class RawFile:
    """A file found below a data root; `name` is its path as the warehouse knows it."""

    path: Path
    name: str
    root_rank: int
    fault: str = ""  # why it is refused unread
    fault_detail: str = ""
    fault_detail_zh: str = ""
    roots: tuple[Path, ...] = ()  # the folders that its sidecar may lie in


@dataclass
class FileContent:
    """An opened file: what its sidecar says, or the fault that refuses it whole.

    `captions` and what follows fill while the cells are read.
    """

    file: RawFile
    sha256: str
    bytes_read: int
    sidecar: Sidecar | None = None
    fault: str = ""
    fault_detail: str = ""
    fault_detail_zh: str = ""
    captions: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    # of a list: the printed heading of each column, what its figures are multiplied by, and units
    # of headings beside a unit column
    headings: dict[str, str] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)
    headed_units: dict[str, str] = field(default_factory=dict)

    @property
    def described(self) -> Sidecar:
        """The sidecar of a file that has one, which every file not refused has."""
        if self.sidecar is None:
            raise ValueError(f"{self.file.name} has no sidecar")
        return self.sidecar

    def refuse(self, rule: str, detail: str = "", detail_zh: str = "") -> None:
        """Refuse the file whole."""
        self.fault, self.fault_detail = rule, detail
        self.fault_detail_zh = detail_zh or detail


def find_files(roots: list[Path]) -> list[RawFile]:
    """All files below the data roots, in a fixed order; sidecars belong to their files.

    A file of a later root takes the place of the file of the same name in an earlier one. What is
    of a kind that is not read, and a sidecar of nothing, is a file too: it must not vanish.
    """
    found: dict[str, RawFile] = {}
    places = tuple(root.resolve() for root in roots)
    for rank, root in enumerate(roots):
        for path in _entries(root):
            parts = path.relative_to(root).parts
            if parts[0] in SKIPPED_FOLDERS or _is_no_data(path):
                continue
            if parts in ((CORRECTIONS,), (SIGN_OFFS,)):
                continue
            if parts[0] == REPORTS.folder and path.name in REPORTS.file_names:
                continue
            name = "/".join(parts[1:] if parts[0] == "raw" else parts)
            if path.suffix.lower() == SIDECAR and described_by(path):
                continue
            if outside := not_inside(path, places):
                file = RawFile(path, name, rank, "file_outside", *outside)
            elif any("\udc80" <= sign <= "\udcff" for sign in name):
                name = os.fsencode(name).decode("utf-8", "backslashreplace")
                told = "its name is not UTF-8: rename it", "文件名不是 UTF-8，请改名"
                file = RawFile(path, name, rank, "file_unreadable", *told)
            elif path.suffix.lower() == SIDECAR:
                file = RawFile(path, name, rank, "sidecar_without_file")
            else:
                fault = "" if path.suffix.lower() in SUFFIXES else "file_kind_unread"
                file = RawFile(path, name, rank, fault, roots=places)
            found[name] = file
    return [found[name] for name in sorted(found)]


def _entries(root: Path) -> Iterator[Path]:
    """All that lies below a folder but the folders themselves, in a fixed order.

    A link to a folder is one of them: nobody goes through it.
    """
    for place, folders, names in os.walk(root):
        folders.sort()
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in sorted([*names, *links]))


def _is_no_data(path: Path) -> bool:
    """Is it what explains or computes the data, or what programs leave behind?"""
    return (
        path.name.startswith((".", "~$"))
        or path.suffix.lower() in (".md", ".py", ".pyc")
        or path.stem.casefold() in ("readme", "license", "licence", "notice", "thumbs", "desktop")
    )


def described_by(sidecar: Path) -> Path | None:
    """The file that a sidecar describes; None if it is not there."""
    whole = sidecar.with_suffix("")
    if whole.is_file() and whole.suffix:
        return whole
    return next(
        (
            path
            for path in sorted(sidecar.parent.glob(f"{glob.escape(sidecar.stem)}.*"))
            if path.is_file() and path.stem == sidecar.stem and path.suffix.lower() != SIDECAR
        ),
        None,
    )


def open_file(file: RawFile) -> FileContent:
    """Read the sidecar of a file and check that it is the file described. Never raises for it."""
    content = FileContent(file, "", 0)
    if file.fault == "file_outside":
        content.refuse(file.fault, file.fault_detail, file.fault_detail_zh)
        return content
    digest = hashlib.sha256()
    try:
        with file.path.open("rb") as handle:
            while chunk := handle.read(CHUNK_BYTES):
                digest.update(chunk)
                content.bytes_read += len(chunk)
    except OSError as error:
        content.refuse("file_unreadable", error.strerror or str(error), "系统无法读取该文件")
        return content
    content.sha256 = digest.hexdigest()
    if file.fault:
        detail = file.fault_detail or file.path.suffix.lower() or file.path.name
        content.refuse(file.fault, detail, file.fault_detail_zh)
        return content
    _read_sidecar(content)
    if content.sidecar and content.sha256 != content.sidecar.sha256:
        stated = content.sidecar.sha256
        detail_zh = f"{content.sha256} 而非 {stated}"
        content.refuse("file_hash_changed", f"{content.sha256} is not {stated}", detail_zh)
    return content


def _read_sidecar(content: FileContent) -> None:
    """Read what describes a file, or refuse the file for it."""
    file = content.file
    path = find_sidecar(file.path)
    if path is None:
        content.refuse("sidecar_missing", file.path.name + ".yml")
    elif file.roots and (outside := not_inside(path, file.roots)):
        english, chinese = outside
        content.refuse("sidecar_invalid", f"{path.name} is {english}", f"{path.name}：{chinese}")
    else:
        try:
            content.sidecar = read_sidecar(path)
        except SidecarError as error:
            content.refuse("sidecar_invalid", str(error), error.in_chinese)
