"""The accounting methods: one folder each, with all that a method needs.

`seeds/reference/methods/<id>/` and `methods/<id>/` of a data folder; the name of the folder is the
id, and a folder of a later root takes the place of one of the same name whole. A variant of another
method (`variant_of` in its `method.csv`) holds only the files that differ. The files of all methods
are united into one table each, in a schema of its own that dbt reads as a source. A method
that lacks a row stops the landing before anything is read: `methods.sql` says what is wanted.
"""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from orchestration.errors import GreenparkError
from orchestration.landing.map.catalogue import REFERENCE
from orchestration.settings import PROJECT_ROOT

SCHEMA = "methods"
FOLDER = "methods"  # below the reference tables, and at the top of a data folder
CHECKS = Path(__file__).with_name("methods.sql")
REFERENCE_BUFFER = 4_000_000  # bytes; no line is longer
METHOD_ID = re.compile(r"[a-z][a-z0-9_]*")
# The method that the published grid factors stand under.
RESERVED = "published"


@dataclass(frozen=True)
class Table:
    """One file of a method, and the table that those of all methods become."""

    file: str
    columns: dict[str, str]
    is_required: bool = False
    optional: frozenset[str] = frozenset()  # columns that a file may leave out

    @property
    def name(self) -> str:
        stem = self.file.removesuffix(".csv")
        return "method_descriptions" if stem == "method" else f"method_{stem}"


TABLES = (
    Table(
        "method.csv",
        dict.fromkeys(
            (
                "name_zh",
                "name_en",
                "description_zh",
                "description_en",
                "industrial_basis",
                "source_id",
                "variant_of",
            ),
            "varchar",
        ),
        is_required=True,
        optional=frozenset({"variant_of"}),
    ),
    Table(
        "fuels.csv",
        {"fuel_code": "varchar", "is_counted": "boolean", "is_coal": "boolean"}
        | {"reason": "varchar"},
        is_required=True,
    ),
    Table(
        "counting_rules.csv",
        {"account": "varchar", "balance_item": "varchar", "fuel_code": "varchar"}
        | {"take": "varchar", "weight": "integer", "scope": "varchar"}
        | {"allocation_group": "varchar", "note": "varchar"},
        is_required=True,
    ),
    Table(
        "park_counting_rules.csv",
        {"flow": "varchar", "fuel_code": "varchar", "scope": "varchar", "weight": "double"}
        | {"is_from_outside": "boolean", "note": "varchar"},
    ),
    Table(
        "co2_factors.csv",
        {"fuel_code": "varchar", "industry_code": "varchar", "year_from": "integer"}
        | {"year_to": "integer", "unit": "varchar", "ncv_gj_per_unit": "double"}
        | {"carbon_content_tc_per_gj": "double", "oxidation_rate": "double"}
        | {"co2_t_per_unit": "double", "origin": "varchar", "source_id": "varchar"}
        | {"confidence": "varchar", "note": "varchar"},
        is_required=True,
    ),
    Table(
        "grid_rules.csv",
        {"grid_basis": "varchar", "factor_year": "integer", "year_from": "integer"}
        | {"year_to": "integer", "note": "varchar"},
    ),
    Table(
        "ch4_n2o_factors.csv",
        {"fuel_code": "varchar", "sector_class": "varchar", "ch4_kg_per_gj": "double"}
        | {"n2o_kg_per_gj": "double", "origin": "varchar", "source_id": "varchar"},
    ),
)
FILES_TABLE = "method_files"
TABLE_NAMES = (*(table.name for table in TABLES), FILES_TABLE)


@dataclass(frozen=True)
class MethodFile:
    """A file of a method: where it is, and its path as a message and the version name it."""

    method: str
    file: str
    path: Path

    @property
    def name(self) -> str:
        shown = self.path
        return str(shown.relative_to(PROJECT_ROOT) if shown.is_relative_to(PROJECT_ROOT) else shown)


def find_folders(roots: list[Path]) -> dict[str, Path]:
    """The folder of each method, by id: the shipped ones and those of the data folders."""
    places = [REFERENCE / FOLDER, *(root / FOLDER for root in roots)]
    folders = {
        folder.name: folder
        for place in places
        if place.is_dir()
        for folder in sorted(place.iterdir())
        if folder.is_dir() and not folder.name.startswith(".")
    }
    return dict(sorted(folders.items()))


def find_files(roots: list[Path]) -> list[MethodFile]:
    """All files of all methods, in a fixed order."""
    folders = find_folders(roots)
    return [
        MethodFile(method, file, path)
        for method, folder in folders.items()
        for file, path in sorted(
            {**_own_files(folders.get(_base_of(folder) or "")), **_own_files(folder)}.items()
        )
    ]


def _own_files(folder: Path | None) -> dict[str, Path]:
    known = {table.file for table in TABLES}
    paths = folder.iterdir() if folder else []
    return {path.name: path for path in paths if path.name in known}


def _base_of(folder: Path) -> str | None:
    """The method whose files stand in for those that the folder of a variant lacks."""
    path = folder / "method.csv"
    if not path.is_file():
        return None
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as handle:
        return next((row.get("variant_of") or None for row in csv.DictReader(handle)), None)


def check(roots: list[Path]) -> None:
    """Raise GreenparkError if a method lacks anything, in a second and without a build."""
    with duckdb.connect() as connection:
        load(connection, roots)


def load(connection: duckdb.DuckDBPyConnection, roots: list[Path]) -> None:
    """Make the united tables of all methods and check them.

    Raises GreenparkError that names file and row of all that is wrong, in both languages.
    """
    folders, files = find_folders(roots), find_files(roots)
    _raise(_faults_of_folders(folders, files))
    connection.execute(f"create schema {SCHEMA}")
    faults = [fault for table in TABLES for fault in _unite(connection, table, files)]
    _raise(faults)
    connection.execute(
        f"create table {SCHEMA}.{FILES_TABLE} (method varchar, file varchar, file_name varchar, "
        "file_sha256 varchar)"
    )
    connection.executemany(
        f"insert into {SCHEMA}.{FILES_TABLE} values (?, ?, ?, ?)",
        [
            [file.method, file.file, file.name, hashlib.sha256(file.path.read_bytes()).hexdigest()]
            for file in files
        ],
    )
    connection.execute("set variable reference = ?", [str(REFERENCE)])
    # One statement reads many small files: each gets a small buffer, not one of 32 MB.
    connection.execute(
        "create or replace temp macro reference_rows(file) as table "
        "from read_csv(getvariable('reference') || '/' || file, all_varchar = true, "
        f"buffer_size = {REFERENCE_BUFFER})"
    )
    connection.execute("set variable reference_name = ?", [_shown(REFERENCE)])
    connection.execute("set variable tce_set_in_force = ?", [_tce_set()])
    connection.execute(
        "create temp table method_folders as select unnest($1) as method, unnest($2) as folder",
        [list(folders), [_shown(folder) for folder in folders.values()]],
    )
    _raise(connection.execute(CHECKS.read_text(encoding="utf-8")).fetchall())


def _shown(path: Path) -> str:
    return str(path.relative_to(PROJECT_ROOT) if path.is_relative_to(PROJECT_ROOT) else path)


def _tce_set() -> str:
    """The set of standard-coal coefficients the models use."""
    project = PROJECT_ROOT / "dbt_project" / "dbt_project.yml"
    return yaml.safe_load(project.read_text(encoding="utf-8"))["vars"]["tce_set"]


Fault = tuple[str, str]


def _faults_of_folders(folders: dict[str, Path], files: list[MethodFile]) -> list[Fault]:
    """Folders whose name is no id, and files that are missing."""
    found = {(file.method, file.file) for file in files}
    faults: list[Fault] = []
    for method, folder in folders.items():
        base = _base_of(folder)
        if base and (base not in folders or _base_of(folders[base])):
            faults.append(
                (
                    f"{_shown(folder)}/method.csv: variant_of {base} is no method, or a variant "
                    "itself",
                    f"{_shown(folder)}/method.csv：variant_of 的 {base} 不是方法，或本身即为变体",
                )
            )
        if not METHOD_ID.fullmatch(method) or method == RESERVED:
            faults.append(
                (
                    f"{_shown(folder)}: the folder's name is the method's id: small letters, "
                    f"digits and _, and not {RESERVED}",
                    f"{_shown(folder)}：文件夹名即方法编号，只用小写字母、数字和 _，"
                    f"且不能是 {RESERVED}",
                )
            )
        faults += [
            (
                f"{_shown(folder / table.file)} is missing",
                f"缺少文件 {_shown(folder / table.file)}",
            )
            for table in TABLES
            if table.is_required and (method, table.file) not in found
        ]
    return faults


def _unite(
    connection: duckdb.DuckDBPyConnection, table: Table, files: list[MethodFile]
) -> list[Fault]:
    """Make one table of the files of one kind; returns what cannot be read."""
    columns = ", ".join(f"{name} {kind}" for name, kind in table.columns.items())
    connection.execute(f"create table {SCHEMA}.{table.name} (method varchar, {columns})")
    own = [file for file in files if file.file == table.file]
    faults = [fault for file in own for fault in _faults_of_heading(file, table)]
    if faults or not own:
        return faults
    connection.execute(
        """
        create or replace temp table method_rows as
        select * exclude (filename), filename as path
        from read_csv($1, all_varchar = true, header = true, delim = ',', quote = '"',
            escape = '"', filename = true, union_by_name = true)
        """,
        [sorted({str(file.path) for file in own})],
    )
    connection.execute(
        "create or replace temp table method_paths as select unnest($1) as path, "
        "unnest($2) as method, unnest($3) as file_name",
        [[str(file.path) for file in own], [file.method for file in own], [f.name for f in own]],
    )
    for name, kind in table.columns.items():
        for file_name, text in connection.execute(
            f"""
            select file_name, {name} from method_rows inner join method_paths using (path)
            where {name} is not null and try_cast({name} as {kind}) is null order by all
            """
        ).fetchall():
            faults.append(
                (
                    f"{file_name}: {name} is {text}, no {kind}",
                    f"{file_name}：{name} 的值 {text} 无效",
                )
            )
    if not faults:
        casts = ", ".join(
            f"cast({name} as {kind}) as {name}" for name, kind in table.columns.items()
        )
        connection.execute(
            f"insert into {SCHEMA}.{table.name} select method, {casts} "
            "from method_rows inner join method_paths using (path) order by all"
        )
    return faults


def _faults_of_heading(file: MethodFile, table: Table) -> list[Fault]:
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


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise GreenparkError(
            "a method is not complete\n方法不完整\n"
            + "\n".join(f"{english}\n{chinese}" for english, chinese in faults),
            "add or mend the rows named; CONTRIBUTING.md lists what a method needs\n"
            "请补充或更正所列各行；CONTRIBUTING.md 列出了一种方法所需的内容",
        )
