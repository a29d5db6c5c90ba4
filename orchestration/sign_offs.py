"""Who answers for the numbers of a reference table: its content, signed off by hash.

`catalog/tables_to_sign.csv` says which tables: factors, methods, thresholds, whatever decides a
published number and no other file could contradict. `corrections/sign_offs.csv` has a row for each
time somebody signed one: the hash of its content, who, when, why, by what source. The last row of a
table counts. What ships is built only as it was signed. In a data folder the tables of own methods
are signed in the `sign_offs.csv` at its top, if their owner wishes: never signed they are built and
named as unsigned, but once signed, or in the place of a shipped folder, only as signed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path, PurePosixPath

from orchestration.errors import GreenparkError, Note
from orchestration.landing.folders import SIGN_OFFS, shown
from orchestration.landing.map.catalogue import REFERENCE
from orchestration.landing.read.inside import is_read
from orchestration.landing.row_folders import METHOD_FOLDERS
from orchestration.settings import PROJECT_ROOT

SHIPPED = REFERENCE / "corrections" / SIGN_OFFS
TABLES_TO_SIGN = REFERENCE / "catalog" / "tables_to_sign.csv"
SEEDS = PROJECT_ROOT / "seeds"
TIME = "%Y-%m-%dT%H:%M:%SZ"
COMMITS_SEARCHED = 30
CHANGES_TOLD = 5
REMEDY = 'greenpark sign-off {} --by NAME --why "REASON" --source SOURCE'

AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

Row = dict[str, str]


@dataclass(frozen=True)
class SignOff:
    """One row of `sign_offs.csv`; the fields are the columns, in order.

    Of a table that somebody took away on purpose the hash is blank.
    """

    signed_table: str
    content_sha256: str
    signed_row_count: str
    signed_by: str
    signed_at: str
    sign_off_reason: str
    sign_off_source: str


COLUMNS = tuple(field.name for field in fields(SignOff))


@dataclass(frozen=True)
class State:
    """A table that is to be signed off: as it is, and as it was signed last."""

    folder: Path  # its name is a path below this
    name: str
    signed: SignOff | None
    content_sha256: str  # blank if there is no such file
    row_count: int
    must_be_signed: bool

    @property
    def path(self) -> Path:
        return self.folder / self.name

    @property
    def is_in_force(self) -> bool:
        return self.signed is not None and self.signed.content_sha256 == self.content_sha256

    @property
    def stops(self) -> bool:
        """Whether nothing may be built with it."""
        return not self.is_in_force and (self.must_be_signed or self.signed is not None)


def content_of(text: str) -> tuple[str, int]:
    """The hash of a table's cells, whatever the order of its rows and columns; how many rows."""
    rows = _rows(text)
    said = sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest(), len(rows)


def states(roots: Iterable[Path]) -> list[State]:
    """Every table that is to be signed off, of what ships and of the data folders."""
    patterns = [row["path_pattern"] for row in _read(TABLES_TO_SIGN)]
    found = _states(REFERENCE, SHIPPED, sorted(REFERENCE.rglob("*.csv")), patterns, True)
    for root in roots:
        if root.resolve() != SEEDS.resolve():
            own = [
                path for top in sorted(METHOD_FOLDERS) for path in sorted(root.glob(f"{top}/*/*"))
            ]
            inside = [path for path in own if is_read(path, [root.resolve()])]
            found += _states(root, root / SIGN_OFFS, inside, patterns, False)
    return found


def check(roots: Iterable[Path]) -> list[Note]:
    """What is not signed off and need not be.

    Raises GreenparkError that names every table that is not as it was signed off, and what changed.
    """
    known = states(roots)
    if stopped := [state for state in known if state.stops]:
        told = [_told(state) for state in stopped]
        names = " ".join(_argument(state) for state in stopped)
        raise GreenparkError(
            "a reference table is not as it was signed off\n" + "\n".join(note.en for note in told),
            f"take the change back, or sign for it: {REMEDY.format(names)}",
            "参考表与签核的内容不一致\n" + "\n".join(note.zh for note in told),
            f"请撤回更改，或签核：{REMEDY.format(names)}",
        )
    return [
        Note(
            f"{shown(state.path)} is not signed off: {REMEDY.format(_argument(state))}",
            f"{shown(state.path)} 尚未签核：{REMEDY.format(_argument(state))}",
        )
        for state in known
        if not state.is_in_force
    ]


def sign(
    chosen: Iterable[State], by: str, why: str, source: str, now: datetime | None = None
) -> list[SignOff]:
    """Write a row for each table, as it is now; returns the rows."""
    chosen = [*chosen]
    # After those that stand, whatever the clock says.
    stand = [state.signed.signed_at for state in chosen if state.signed]
    times = [datetime.strptime(at, TIME).replace(tzinfo=UTC) for at in stand]
    after = max((at + timedelta(seconds=1) for at in times), default=None)
    at = max(filter(None, (now or datetime.now(UTC), after))).strftime(TIME)
    rows = []
    for state in chosen:
        said = [state.name, state.content_sha256, str(state.row_count), by, at, why, source]
        row = SignOff(*said)
        path = SHIPPED if state.folder == REFERENCE else state.folder / SIGN_OFFS
        _append(path, row)
        rows.append(row)
    return rows


def choose(known: list[State], names: Iterable[str]) -> list[State]:
    """The tables that are meant: by path, by the path below its folder, by a folder, by its name.

    Raises GreenparkError for one that is to be signed off nowhere, or that may be several.
    """
    chosen: dict[Path, State] = {}
    for name in names:
        meant = [state for state in known if _is_meant(state, name)]
        whole = [state for state in meant if PurePosixPath(state.name).name == name]
        if not meant or len(whole) > 1:
            told = ", ".join(shown(state.path) for state in whole)
            raise GreenparkError(
                f"{name} may be any of {told}" if told else f"no table {name} is to be signed off",
                "name it by its path; greenpark sign-off lists all",
                f"{name} 可能是 {told} 中的任何一个" if told else f"没有需要签核的表 {name}",
                "请用路径指明；greenpark sign-off 列出全部",
            )
        chosen |= {state.path: state for state in meant}
    return [*chosen.values()]


def changes(state: State) -> list[Note]:
    """What differs from the content that was signed off, as far as git has it; first lines only."""
    before = _signed_rows(state)
    if before is None:
        return []
    after = _rows(state.path.read_text(encoding="utf-8-sig")) if state.path.is_file() else []
    gone, come = _without(before, after), _without(after, before)
    found = []
    for row in gone:
        match = max(come, key=lambda other: _shared(row, other), default=None)
        if match is not None and 2 * _shared(row, match) >= len(row):
            come.remove(match)
            cells = [
                f"{column} {row.get(column, '')!r} -> {match[column]!r}"
                for column in match
                if match[column] != row.get(column, "")
            ]
            found.append(
                Note(f"{_key(row)}: {', '.join(cells)}", f"{_key(row)}：{'，'.join(cells)}")
            )
        else:
            found.append(Note(f"{_key(row)}: gone", f"{_key(row)}：已删去"))
    found += [Note(f"{_key(row)}: new", f"{_key(row)}：新增") for row in come]
    more = len(found) - CHANGES_TOLD
    rest = [Note(f"and {more} rows more", f"另有{more}行")] if more > 0 else []
    return [*found[:CHANGES_TOLD], *rest]


def _states(
    folder: Path, sign_offs: Path, paths: list[Path], patterns: list[str], is_shipped: bool
) -> list[State]:
    signed = _last_rows(sign_offs)
    names = [path.relative_to(folder).as_posix() for path in paths]
    wanted = [name for name in names if _is_wanted(name, patterns)]
    found = []
    for name in sorted({*wanted, *signed}):
        path = folder / name
        is_there = name in wanted
        sha256, rows = content_of(_text(path)) if is_there else ("", 0)
        takes_a_place = (REFERENCE / PurePosixPath(name).parent).is_dir()
        must = is_shipped or takes_a_place
        found.append(State(folder, name, signed.get(name), sha256, rows, must))
    return found


def _is_wanted(name: str, patterns: list[str]) -> bool:
    parts = len(PurePosixPath(name).parts)
    return any(
        PurePosixPath(name).match(pattern) and len(PurePosixPath(pattern).parts) == parts
        for pattern in patterns
    )


def _is_meant(state: State, name: str) -> bool:
    path = Path(name)
    named = path if path.is_absolute() else Path.cwd() / path
    return (
        name.rstrip("/") in (state.name, str(PurePosixPath(state.name).parent))
        or named in (state.path, state.path.parent)
        or PurePosixPath(state.name).name == name
    )


def _argument(state: State) -> str:
    """How `greenpark sign-off` is told which table."""
    return state.name if state.folder == REFERENCE else f"{state.name} --data {state.folder}"


def _told(state: State) -> Note:
    name, signed = shown(state.path), state.signed
    if signed is None:
        return Note(f"{name}: nobody has signed it off", f"{name}：尚无人签核")
    at = signed.signed_at[:10]
    if not state.content_sha256:
        return Note(
            f"{name}: gone; {signed.signed_by} signed it off on {at}",
            f"{name}：已不存在；{signed.signed_by} 于 {at} 签核",
        )
    lines = changes(state)
    en = [f"  {note.en}" for note in lines] or ["  what changed is not known here"]
    zh = [f"  {note.zh}" for note in lines] or ["  此处无法得知更改了什么"]
    head_en = (
        f"{name}: {state.row_count} rows, not those that {signed.signed_by} signed off on {at} "
        f"({signed.signed_row_count or 0} rows)"
    )
    head_zh = (
        f"{name}：现有{state.row_count}行，与 {signed.signed_by} 于 {at} 签核的内容"
        f"（{signed.signed_row_count or 0}行）不同"
    )
    return Note("\n".join([head_en, *en]), "\n".join([head_zh, *zh]))


def _last_rows(path: Path) -> dict[str, SignOff]:
    """The last sign-off of each table. Raises GreenparkError if the file says nothing clear."""
    if not path.is_file():
        return {}
    rows = _read(path)
    last: dict[str, SignOff] = {}
    for number, row in enumerate(rows, 2):
        if (
            tuple(row) != COLUMNS
            or any(
                not (row[name] or "").strip()
                for name in ("signed_table", "signed_by", "sign_off_reason")
            )
            or not AT.fullmatch(row["signed_at"])
        ):
            columns = ",".join(COLUMNS)
            raise GreenparkError(
                f"{shown(path)} row {number} is no sign-off; the columns are {columns}",
                "let greenpark sign-off write it",
                f"{shown(path)} 第{number}行不是签核记录；各列应为 {columns}",
                "请用 greenpark sign-off 写入",
            )
        signed = SignOff(**row)
        known = last.get(signed.signed_table)
        if known is None or signed.signed_at >= known.signed_at:
            last[signed.signed_table] = signed
    return last


def _append(path: Path, row: SignOff) -> None:
    is_new = not path.is_file()
    text = "" if is_new else path.read_text(encoding="utf-8-sig")
    with path.open("a", encoding="utf-8", newline="") as handle:
        if text and not text.endswith("\n"):
            handle.write("\n")
        writer = csv.writer(handle, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        writer.writerow([getattr(row, name) for name in COLUMNS])


@cache
def _signed_text(path: Path, sha256: str) -> str | None:
    """The text of a file as it was signed, if git keeps it."""
    git = ["git", "-C", str(path.parent)]
    try:
        listed = subprocess.run(
            [*git, "log", f"-{COMMITS_SEARCHED}", "--format=%H", "--", path.name],
            capture_output=True,
            text=True,
            check=False,
        )
        for commit in listed.stdout.split():
            said = subprocess.run(
                [*git, "show", f"{commit}:./{path.name}"], capture_output=True, check=False
            )
            text = said.stdout.decode("utf-8-sig", errors="replace")
            if content_of(text)[0] == sha256:
                return text
    except OSError:  # no git, or no such folder any more
        pass
    return None


def _signed_rows(state: State) -> list[Row] | None:
    if state.signed is None or not state.signed.content_sha256:
        return None
    text = _signed_text(state.path, state.signed.content_sha256)
    return None if text is None else _rows(text)


def _without(rows: list[Row], others: list[Row]) -> list[Row]:
    said = [json.dumps(row, sort_keys=True) for row in others]
    found = []
    for row in rows:
        text = json.dumps(row, sort_keys=True)
        if text in said:
            said.remove(text)
        else:
            found.append(row)
    return found


def _shared(row: Row, other: Row) -> int:
    return sum(row.get(column) == text for column, text in other.items())


def _key(row: Row) -> str:
    """The first cells of a row, by which people know it."""
    return "/".join(text for text in [*row.values()][:4] if text)


def _rows(text: str) -> list[Row]:
    return [
        {str(name): str(cell or "") for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text))
    ]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", errors="replace")


def _read(path: Path) -> list[Row]:
    return _rows(_text(path))
