"""Folders of rows in which a file's name repeats: accounting methods, reports.

One thing is one folder; its name is the thing's id. Shipped folders stand at one place, a data
folder may bring more: a folder of a later root takes the place of one of the same name whole. The
files of one kind are united into one table each, with the id as its first column, in a schema of
its own that dbt reads as a source. What is wrong is told by file, row and column, in both
languages.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.errors import GreenparkError
from orchestration.hashes import file_sha256
from orchestration.landing.read.inside import not_inside
from orchestration.settings import PROJECT_ROOT

FOLDER_ID = re.compile(r"[a-z][a-z0-9_]*")
CORRECTIONS = "corrections.csv"  # of a data folder's own, at its top
SIGN_OFFS = "sign_offs.csv"  # likewise
Fault = tuple[str, str]  # English, Chinese


@dataclass(frozen=True)
class Table:
    """One file of a folder, and the table that those of all folders become."""

    file: str
    name: str
    columns: dict[str, str]
    is_required: bool = False
    optional: frozenset[str] = frozenset()  # columns that a file may leave out


@dataclass(frozen=True)
class FolderFile:
    """A file of a folder: where it is, and its path as a message and the version name it."""

    owner: str
    file: str
    path: Path

    @property
    def name(self) -> str:
        return shown(self.path)


@dataclass(frozen=True)
class Kind:
    """Folders of one kind: where they stand, which files they hold, what they become.

    `folder` is their place at the top of a data folder; `base_of` the folder whose files stand in
    for those that one lacks, if there is any.
    """

    schema: str
    id_column: str
    shipped: Path
    folder: str
    tables: tuple[Table, ...]
    files_table: str
    word_en: str
    word_zh: str
    reserved: frozenset[str] = frozenset()
    base_of: Callable[[Path], str | None] = lambda folder: None

    @property
    def file_names(self) -> frozenset[str]:
        return frozenset(table.file for table in self.tables)

    @property
    def table_names(self) -> tuple[str, ...]:
        return (*(table.name for table in self.tables), self.files_table)


def shown(path: Path) -> str:
    """A path as messages name it: from the project, if it lies below."""
    return str(path.relative_to(PROJECT_ROOT) if path.is_relative_to(PROJECT_ROOT) else path)


def find_folders(kind: Kind, roots: list[Path]) -> dict[str, Path]:
    """The folder of each id: the shipped ones and those of the data folders."""
    places = [kind.shipped, *(root / kind.folder for root in roots)]
    folders = {
        folder.name: folder
        for place in places
        if place.is_dir() and not place.is_symlink()
        for folder in sorted(place.iterdir())
        if folder.is_dir() and not folder.name.startswith(".")
    }
    return dict(sorted(folders.items()))


def find_files(kind: Kind, roots: list[Path]) -> list[FolderFile]:
    """All files of all folders, in a fixed order."""
    folders = find_folders(kind, roots)
    places = [root.resolve() for root in (PROJECT_ROOT, *roots)]
    return [
        FolderFile(owner, file, path)
        for owner, folder in folders.items()
        for file, path in sorted(
            {
                **_own_files(kind, folders.get(kind.base_of(folder) or "")),
                **_own_files(kind, folder),
            }.items()
        )
        if not not_inside(path, places)
    ]


def refuse_links(kinds: Iterable[Kind], roots: list[Path]) -> None:
    """Raise GreenparkError that names what is a link out of the data folders, a pipe or a device.

    Such a file was not delivered, and what it leads to may be any file of the machine.
    """
    places = [root.resolve() for root in roots]
    looked_at = [
        path
        for root in roots
        for top in (*(root / kind.folder for kind in kinds), root / CORRECTIONS, root / SIGN_OFFS)
        for path in (top, *sorted(top.glob("*")), *sorted(top.glob("*/*")))
    ]
    for path in looked_at:
        is_folder = path.is_dir() and not path.is_symlink()
        if os.path.lexists(path) and not is_folder and (found := not_inside(path, places)):
            raise GreenparkError(
                f"{path} is {found[0]}: it is not read",
                "copy the file or folder itself into the data folder",
                f"{path} 是{found[1]}，不予读取",
                "请把文件或文件夹本身复制到数据文件夹",
            )


def _own_files(kind: Kind, folder: Path | None) -> dict[str, Path]:
    paths = folder.iterdir() if folder else []
    return {path.name: path for path in paths if path.name in kind.file_names}


def unite(connection: duckdb.DuckDBPyConnection, kind: Kind, files: list[FolderFile]) -> None:
    """Make the united tables of all files, and the list of the files with their sha256.

    Raises GreenparkError that names file and row of all that cannot be read.
    """
    connection.execute(f"create schema {kind.schema}")
    faults = [fault for table in kind.tables for fault in _unite(connection, kind, table, files)]
    refuse(kind, faults)
    connection.execute(
        f"create table {kind.schema}.{kind.files_table} ({kind.id_column} varchar, file varchar, "
        "file_name varchar, file_sha256 varchar)"
    )
    if files:
        connection.executemany(
            f"insert into {kind.schema}.{kind.files_table} values (?, ?, ?, ?)",
            [[file.owner, file.file, file.name, file_sha256(file.path)] for file in files],
        )


def faults_of_folders(kind: Kind, folders: dict[str, Path], files: list[FolderFile]) -> list[Fault]:
    """Folders whose name is no id, and files that are missing."""
    found = {(file.owner, file.file) for file in files}
    but = ", ".join(sorted(kind.reserved))
    faults: list[Fault] = []
    for owner, folder in folders.items():
        if not FOLDER_ID.fullmatch(owner) or owner in kind.reserved:
            faults.append(
                (
                    f"{shown(folder)}: the folder's name is the {kind.word_en}'s id: small "
                    "letters, digits and _" + (f", and not {but}" if but else ""),
                    f"{shown(folder)}：文件夹名即{kind.word_zh}编号，只用小写字母、数字和 _"
                    + (f"，且不能是 {but}" if but else ""),
                )
            )
        faults += [
            (
                f"{shown(folder / table.file)} is missing",
                f"缺少文件 {shown(folder / table.file)}",
            )
            for table in kind.tables
            if table.is_required and (owner, table.file) not in found
        ]
    return faults


def refuse(kind: Kind, faults: list[Fault]) -> None:
    """Raise GreenparkError if anything is wrong."""
    if faults:
        raise GreenparkError(
            f"a {kind.word_en} is not complete\n{kind.word_zh}不完整\n"
            + "\n".join(f"{english}\n{chinese}" for english, chinese in faults),
            f"add or correct the rows named; CONTRIBUTING.md lists what a {kind.word_en} needs\n"
            f"请补充或更正所列各行；CONTRIBUTING.md 列出了一种{kind.word_zh}所需的内容",
        )


def _unite(
    connection: duckdb.DuckDBPyConnection, kind: Kind, table: Table, files: list[FolderFile]
) -> list[Fault]:
    """Make one table of the files of one kind; returns what cannot be read."""
    target = f"{kind.schema}.{table.name}"
    columns = ", ".join(f"{name} {type_}" for name, type_ in table.columns.items())
    connection.execute(f"create table {target} ({kind.id_column} varchar, {columns})")
    own = [file for file in files if file.file == table.file]
    faults = [fault for file in own for fault in _faults_of_heading(file, table)]
    if faults or not own:
        return faults
    none = ", ".join(f"null::varchar as {name}" for name in table.columns)
    connection.execute(
        f"""
        create or replace temp table folder_rows as
        select {none} where false  -- what every file may leave out is a column too
        union all by name
        select * exclude (filename), filename as path
        from read_csv($1, all_varchar = true, header = true, delim = ',', quote = '"',
            escape = '"', filename = true, union_by_name = true)
        """,
        [sorted({str(file.path) for file in own})],
    )
    connection.execute(
        "create or replace temp table folder_paths as select unnest($1) as path, "
        "unnest($2) as owner, unnest($3) as file_name",
        [[str(file.path) for file in own], [file.owner for file in own], [f.name for f in own]],
    )
    for name, type_ in table.columns.items():
        for file_name, text in connection.execute(
            f"""
            select file_name, {name} from folder_rows inner join folder_paths using (path)
            where {name} is not null and try_cast({name} as {type_}) is null order by all
            """
        ).fetchall():
            faults.append(
                (
                    f"{file_name}: {name} is {text}, no {type_}",
                    f"{file_name}：{name} 的值 {text} 无效",
                )
            )
    if not faults:
        casts = ", ".join(
            f"cast({name} as {type_}) as {name}" for name, type_ in table.columns.items()
        )
        connection.execute(
            f"insert into {target} select owner, {casts} "
            "from folder_rows inner join folder_paths using (path) order by all"
        )
    return faults


def _faults_of_heading(file: FolderFile, table: Table) -> list[Fault]:
    try:
        with file.path.open(encoding="utf-8-sig", newline="") as handle:
            heading = next(csv.reader(handle), [])
    except UnicodeDecodeError:
        return [(f"{file.name} is not UTF-8", f"{file.name} 不是 UTF-8 编码")]
    if sorted(heading) == sorted({*table.columns} - (table.optional - {*heading})):
        return []
    columns = ",".join(table.columns)
    return [
        (
            f"{file.name} row 1: the columns are not {columns}",
            f"{file.name} 第1行：列应为 {columns}",
        )
    ]
