"""Rows as a table, CSV, JSON or Markdown; files that appear only when they are complete.

One CSV dialect for every command: UTF-8, `\\n`, null is empty, floats keep all their digits, and a
text that a spreadsheet would take for a formula stands behind an apostrophe.
"""

from __future__ import annotations

import csv
import json
import math
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, Protocol

from orchestration import full_width
from orchestration.errors import GreenparkError

FORMULA_STARTS = tuple("=+-@\t\r")
GAP = 3  # blanks between the columns of a table
WRITTEN_ALIKE = frozenset({int, float, type(None), date, datetime})  # by csv itself as by text()
TEXTS_KNOWN, SHORT = 100_000, 200  # texts that are remembered while a file is written, their length
NARROWEST = 12  # a table whose columns would get fewer characters is shown as records


class Sink(Protocol):
    """Anything with `write(text)`."""

    def write(self, text: str, /) -> object: ...


# --- values --------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """The value as JSON can hold it; NaN and infinity, which it cannot, become null."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return float(value) if math.isfinite(value) else None
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return str(value)


def text(value: Any) -> str:
    """The value as one CSV field; null is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case bytes():
            return value.hex()
        case dict() | list() | tuple():
            return json.dumps(plain(value), ensure_ascii=False)
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def is_formula(value: Any) -> bool:
    """Whether a spreadsheet may compute the value; a printed number is none.

    That of East Asia may take the wide signs for the plain ones.
    """
    if not isinstance(value, str) or len(value) < 2:
        return False
    plain = value.translate(full_width.PLAIN)
    if plain[0] not in FORMULA_STARTS:
        return False
    try:
        float(plain.replace(",", "").removesuffix("%"))
    except ValueError:
        return True
    return plain[0] in "=@\t\r"


def number(value: float | Decimal | None) -> str:
    """A number for people: thousands separated, six significant digits. Null is empty."""
    if value is None:
        return ""
    if not math.isfinite(value):
        return str(value)
    if isinstance(value, int) or abs(float(value)) >= 1e5:
        return f"{value:,.0f}"
    return f"{float(value):.6g}"


def _printable(value: str) -> str:
    """Data cannot steer the terminal: what is not printable is shown escaped."""
    if value.isprintable():
        return value
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in value
    )


# --- formats -------------------------------------------------------------------------------------


def write_csv(sink: Sink, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a header and the rows; return how many rows."""
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    fields: dict[str, str] = {}  # most texts repeat, and to judge one takes longer than to write it
    count = 0

    def field(value: Any) -> str:
        if not isinstance(value, str):
            return text(value)
        found = f"'{value}" if is_formula(value) else value
        if len(fields) >= TEXTS_KNOWN:
            fields.clear()
        if len(found) <= SHORT:
            fields[value] = found
        return found

    for row in rows:
        writer.writerow(
            [
                value
                if type(value) in WRITTEN_ALIKE
                else (type(value) is str and fields.get(value)) or field(value)
                for value in row
            ]
        )
        count += 1
    return count


def write_json(sink: Sink, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write an array of objects, one on each line; return how many."""
    names = unique(columns)
    count = 0
    sink.write("[")
    for row in rows:
        entry = dict(zip(names, map(plain, row), strict=True))
        sink.write(",\n" if count else "\n")
        sink.write(json.dumps(entry, ensure_ascii=False))
        count += 1
    sink.write("\n]\n" if count else "]\n")
    return count


def write_markdown(sink: Sink, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a pipe table; return how many rows."""

    def line(values: Iterable[str]) -> str:
        escaped = (value.replace("|", "\\|").replace("\n", "<br>") for value in values)
        return f"| {' | '.join(escaped)} |\n"

    sink.write(line(columns))
    sink.write(line("---" for _ in columns))
    count = 0
    for row in rows:
        sink.write(line(text(value) for value in row))
        count += 1
    return count


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    width: int | None = None,
    null: str = "",
) -> str:
    """Draw the rows for people. `width` is the terminal's; without it nothing is folded.

    Where the columns cannot fit side by side, each row is shown as a block of `column  value`.
    """
    from rich.cells import cell_len

    rows = [list(row) for row in rows]
    cells = [[null if value is None else _printable(text(value)) for value in row] for row in rows]
    header = [_printable(name) for name in columns]
    natural = [
        max(cell_len(part) for cell in column for part in cell.split("\n"))
        for column in zip(header, *cells, strict=True)
    ]
    narrowest = sum(min(size, NARROWEST) + 2 for size in natural)
    if width and narrowest > width:
        return _records(header, cells, width)
    rights = []
    for position in range(len(header)):
        values = [row[position] for row in rows if row[position] is not None]
        rights.append(bool(values) and all(_is_number(value) for value in values))
    if sum(natural) + GAP * len(natural) <= (width or math.inf) and not any(
        "\n" in cell for row in [header, *cells] for cell in row
    ):
        return _one_line_each(header, cells, natural, rights)
    return _folded(header, cells, natural, rights, width)


def _one_line_each(
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    natural: Sequence[int],
    rights: Sequence[bool],
) -> str:
    """What rich draws where nothing is folded: it takes 0.06 s to be imported."""
    from rich.cells import cell_len

    def line(row: Sequence[str]) -> str:
        parts = []
        for cell, size, right in zip(row, natural, rights, strict=True):
            blanks = " " * (size - cell_len(cell))
            parts.append(blanks + cell if right else cell + blanks)
        return (" " * GAP).join(parts).rstrip() + "\n"

    rule = "─" * (sum(natural) + GAP * (len(natural) - 1))
    return "".join([line(header), f"{rule}\n", *map(line, cells)])


def _folded(
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    natural: Sequence[int],
    rights: Sequence[bool],
    width: int | None,
) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, right in zip(header, rights, strict=True):
        drawn.add_column(Text(name), overflow="fold", justify="right" if right else "left")
    for row in cells:
        drawn.add_row(*map(Text, row))
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=width or sum(natural) + GAP * len(natural) + 1,
        force_terminal=False,
        color_system=None,
    )
    console.print(drawn)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def fold(sentence: str, width: int) -> str:
    """A sentence in as many lines as it needs."""
    from rich.console import Console
    from rich.text import Text

    lines = Text(sentence).wrap(Console(width=width, file=StringIO()), width)
    return "".join(f"{line.plain.rstrip()}\n" for line in lines)


def fold_indented(line: str, width: int | None) -> list[str]:
    """A line that begins with spaces in as many lines as it needs, each with these spaces."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    if width is None:
        return [line]
    return [indent + part for part in fold(line.strip(), width - len(indent)).splitlines()]


def _is_number(value: Any) -> bool:
    if isinstance(value, str):  # as number() writes it
        return value[-1:].isdigit() and value.strip("+-0123456789.,e") == ""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _records(header: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    """Each row as a block; what is longer than the line goes on below where it begins."""
    from rich.cells import cell_len, chop_cells

    size = max(cell_len(name) for name in header)
    room = max(width - size - 2, NARROWEST)
    lines = []
    for position, row in enumerate(cells, start=1):
        lines.append(f"--- {position} ---\n")
        for name, value in zip(header, row, strict=True):
            parts = [part for line in value.split("\n") for part in chop_cells(line, room) or [""]]
            lines.append(f"{name}{' ' * (size - cell_len(name))}  {parts[0]}".rstrip() + "\n")
            lines += [f"{' ' * size}  {part}".rstrip() + "\n" for part in parts[1:]]
    return "".join(lines)


def unique(columns: Sequence[str]) -> list[str]:
    """The column names, with `_2`, `_3` … added to those that come again."""
    names: list[str] = []
    for column in columns:
        name, copy = column, 1
        while name in names:
            copy += 1
            name = f"{column}_{copy}"
        names.append(name)
    return names


# --- files ---------------------------------------------------------------------------------------


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to; `path` is replaced by it only when the block succeeds.

    A device or pipe is written to directly. Raises GreenparkError when it cannot be written.
    """
    try:
        path = path.expanduser().resolve()
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            if path.is_dir():
                raise IsADirectoryError(0, "it is a folder", str(path))
            yield path
            return
        draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            yield draft
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise GreenparkError(
            f"cannot write {path}: {error.strerror or error}",
            "name another file in a folder that exists and that you may write to",
        ) from error
