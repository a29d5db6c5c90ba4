"""Open a file of any format as sheets of printed text; the parsing is left to libraries.

A sheet is rows of strings as printed. Numbers of workbooks are written with the fewest digits
that give the same double; numbers of JSON stay as they stand in the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from orchestration.landing.sidecar import Layout

Format = Literal["csv", "xlsx", "xls", "html", "json"]
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".html", ".htm", ".json")
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
# Excel encrypts "protected" workbooks that ask for no password with this one.
EXCEL_DEFAULT_PASSWORD = "VelvetSweatshop"
# Formats that are parsed whole are refused above this; a text file is streamed, however long.
WHOLE_FILE_MAX_BYTES = 200_000_000
UNPACKED_MAX_BYTES = 1_000_000_000
# Delimiters of text that is set in columns: any blanks, or gaps of two and more (and tabs).
WHITESPACE = "whitespace"
GAPS = "gaps"
# Text with fewer quotes than a cell may hold; the default of the csv module is 128 KiB.
CELL_MAX_CHARACTERS = 10_000_000


class Unreadable(Exception):
    """The file cannot be opened as what it is; `rule` is the landing rule, `detail` the reason."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule
        self.detail = detail


@dataclass
class Sheet:
    """One table of a file. `rows` may be read once; rows and columns elsewhere count from 1."""

    name: str
    rows: Iterator[list[str]]
    is_hidden: bool = False
    # cells of a table of a web page, which has many of them; 0 elsewhere
    size: int = 0
    # (first row, first column, last row, last column) of each merged range
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    # cells that hold no plain value: rule and text
    faults: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


def detect_format(path: Path) -> Format:
    """The format by content, not by name: offices save web pages as .xls and worse.

    Raises Unreadable for a workbook that is none.
    """
    with path.open("rb") as handle:
        head = handle.read(4096)
    if head.startswith(OLE_MAGIC):
        return "xls"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"")[:2000].lower()
    if re.match(rb"<(!doctype|html|head|body|table|meta|\?xml|!--)", text):
        return "html"
    if text[:1] in (b"{", b"[") and path.suffix.lower() == ".json":
        return "json"
    suffixes: dict[str, Format] = {".json": "json", ".html": "html", ".htm": "html"}
    if path.suffix.lower() in (".xlsx", ".xls"):
        raise Unreadable("file_unreadable", "neither a workbook nor a web page: empty or damaged")
    return suffixes.get(path.suffix.lower(), "csv")


def open_sheets(path: Path, encoding: str, layout: Layout) -> list[Sheet]:
    """The sheets of a file. Raises Unreadable; text files may raise it while rows are read."""
    found = detect_format(path)
    is_streamed = (
        found == "csv" and not layout.blocks and layout.delimiter not in (WHITESPACE, GAPS)
    )
    if not is_streamed and path.stat().st_size > WHOLE_FILE_MAX_BYTES:
        kind = f"{found} with blocks or set in columns" if found == "csv" else found
        limit = f"{WHOLE_FILE_MAX_BYTES // 10**6} MB"
        raise Unreadable("file_too_large", f"{path.stat().st_size} bytes, {kind} may have {limit}")
    if found == "csv":
        return [Sheet("", _csv_rows(path, encoding, layout.delimiter))]
    data = path.read_bytes()
    if found in ("xlsx", "xls"):
        return _workbook_sheets(data, found)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("file_undecodable", str(error)) from error
    if found == "html":
        return _html_sheets(text)
    return [Sheet("", iter(_json_rows(text, layout)))]


def guess_encoding(path: Path) -> str:
    """The encoding of a text file, one of those a sidecar may name; by its first MiB.

    UTF-8 is known by its form. What is not UTF-8 is left to charset-normalizer, and to the
    encoding that Chinese offices use where it cannot tell.
    """
    from charset_normalizer import from_bytes

    with path.open("rb") as handle:
        head = handle.read(1 << 20)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        return "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(head, cp_isolation=["gb18030", "utf_16"]).best()
        return "utf-16" if best and best.encoding == "utf_16" else "gb18030"


# --- text ----------------------------------------------------------------------------------------


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(CELL_MAX_CHARACTERS)
    with path.open(encoding=encoding, newline="") as handle:
        try:
            if delimiter == WHITESPACE:
                # Indentation says what is part of what, so it stays with the first word.
                yield from (re.findall(r"^\s*\S+|\S+", line) for line in handle)
            elif delimiter == GAPS:
                yield from (split_at_gaps(line) for line in handle)
            else:
                yield from csv.reader(handle, delimiter=delimiter, strict=True)
        except (UnicodeDecodeError, UnicodeError) as error:
            raise Unreadable("file_undecodable", str(error)) from error
        except csv.Error as error:
            raise Unreadable("file_unreadable", f"{error}: a quote is not closed") from error


def split_at_gaps(line: str) -> list[str]:
    text = line.rstrip()
    indent = text[: len(text) - len(text.lstrip())]
    words = re.split(r"[ \u3000\xa0]{2,}|[ \u3000]*\t[ \u3000]*", text.strip())
    return [indent + words[0], *words[1:]] if text.strip() else []


# --- workbooks -----------------------------------------------------------------------------------


def _workbook_sheets(data: bytes, kind: Literal["xlsx", "xls"]) -> list[Sheet]:
    import python_calamine

    if kind == "xls":
        data = _decrypted(data)
        kind = "xlsx" if data.startswith(b"PK") else "xls"
    sheets = []
    try:
        if kind == "xlsx" and _unpacked_bytes(data) > UNPACKED_MAX_BYTES:
            detail = f"unpacks to more than {UNPACKED_MAX_BYTES // 10**6} MB"
            raise Unreadable("file_too_large", detail)
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        faults = _xlsx_faults(data) if kind == "xlsx" else _xls_faults(data)
        for meta in workbook.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(meta.name)
            merged = [
                (top + 1, left + 1, bottom + 1, right + 1)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
            ]
            is_hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
            own = {place[1:]: fault for place, fault in faults.items() if place[0] == meta.name}
            rows = _printed_rows(sheet)
            sheets.append(Sheet(meta.name, rows, is_hidden, merged=merged, faults=own))
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("file_unreadable", f"not a whole workbook: {error}") from error
    return sheets


def _printed_rows(sheet: Any) -> Iterator[list[str]]:
    """The rows of a sheet as printed; the library leaves out the blank columns before the first."""
    before = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield before + [_printed(value) for value in row]


def _unpacked_bytes(data: bytes) -> int:
    """What a workbook takes when unpacked: a small file may hold a very large sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return sum(entry.file_size for entry in package.infolist())


def _decrypted(data: bytes) -> bytes:
    """The file without its encryption; one that has none is given back as it is."""
    import msoffcrypto

    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        if not office.is_encrypted():
            return data
    except Exception as error:
        raise Unreadable("file_unreadable", f"not a whole workbook: {error}") from error
    try:
        office.load_key(password=EXCEL_DEFAULT_PASSWORD)
        office.decrypt(plain)
    except Exception as error:
        detail = f"encrypted with a password greenpark does not know ({error})"
        raise Unreadable("file_encrypted", detail) from error
    return plain.getvalue()


def _printed(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date | time | timedelta):
        return value.isoformat() if not isinstance(value, timedelta) else str(value)
    return str(value)


def _xlsx_faults(data: bytes) -> dict[tuple[str, int, int], tuple[str, str]]:
    """Formulas and error values, which the fast reader gives as blanks or as stored results."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(re.search(rb"<f[ >/]|t=\"e\"", package.read(name)) for name in parts):
            return {}
    import openpyxl

    faults = {}
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                kind = getattr(cell, "data_type", "")
                if kind in ("f", "e"):
                    rule = "value_is_formula" if kind == "f" else "value_is_error"
                    faults[sheet.title, cell.row, cell.column] = rule, str(cell.value)
    return faults


def _xls_faults(data: bytes) -> dict[tuple[str, int, int], tuple[str, str]]:
    """Error values; that a value came from a formula cannot be seen in this format."""
    import xlrd

    faults = {}
    with xlrd.open_workbook(file_contents=data, on_demand=True, logfile=io.StringIO()) as workbook:
        for sheet in workbook.sheets():
            for row in range(sheet.nrows):
                for column, kind in enumerate(sheet.row_types(row)):
                    if kind == xlrd.XL_CELL_ERROR:
                        text = xlrd.error_text_from_code[sheet.cell_value(row, column)]
                        faults[sheet.name, row + 1, column + 1] = "value_is_error", text
    return faults


# --- web pages and JSON --------------------------------------------------------------------------


def _html_sheets(text: str) -> list[Sheet]:
    from lxml import html

    # The parser closes what is open; a page cut off in a table must not pass for a whole one.
    if len(re.findall(r"<table\b", text, re.I)) > len(re.findall(r"</table\s*>", text, re.I)):
        raise Unreadable("file_unreadable", "the page ends inside a table")
    if not text.strip():
        raise Unreadable("file_unreadable", "the page is empty")
    document = html.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    sheets = []
    for number, table in enumerate(document.iter("table"), start=1):
        rows, merged = _html_rows(table)
        size = sum(len(row) for row in rows)
        sheets.append(Sheet(str(number), iter(rows), size=size, merged=merged))
    if not sheets:
        raise Unreadable("file_unreadable", "no table in the page")
    return sheets


def _html_rows(table: Any) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
    """The cells of a table on a grid; a cell over several places is printed in the first."""
    for line_break in table.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    grid: dict[tuple[int, int], str] = {}
    merged = []
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for top, row in enumerate(rows, start=1):
        column = 1
        for cell in row.iterchildren("td", "th"):
            while (top, column) in grid:
                column += 1
            down, across = (_span(cell, "rowspan"), _span(cell, "colspan"))
            places = [(top + r, column + c) for r in range(down) for c in range(across)]
            grid.update(dict.fromkeys(places, ""))
            grid[top, column] = cell.text_content().strip("\r\n\t ")
            if len(places) > 1:
                merged.append((top, column, top + down - 1, column + across - 1))
            column += across
    width = max((column for _, column in grid), default=0)
    lines = [
        [grid.get((row, column), "") for column in range(1, width + 1)]
        for row in range(1, len(rows) + 1)
    ]
    return lines, merged


def _span(cell: Any, name: str) -> int:
    digits = re.match(r"\d+", cell.get(name) or "")
    return min(max(int(digits[0]), 1), 1000) if digits else 1


def _json_rows(text: str, layout: Layout) -> list[list[str]]:
    """Lists of lists as they are; objects with their keys as the first row.

    `json_rows` and `json_columns` are JSON pointers to the rows and to the labels across. Rows
    may be an object of label to values. Nested objects become columns `outer.inner`.
    """
    try:
        document = json.loads(text, parse_float=str, parse_int=str)
        rows = _pointed(document, layout.json_rows)
        header = _pointed(document, layout.json_columns) if layout.json_columns else None
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable("file_unreadable", f"not whole JSON: {error}") from error
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise Unreadable("layout_mismatch", f"nothing at json_rows or json_columns: {error}") from (
            error
        )
    if isinstance(rows, dict):
        rows = [[label, *(v if isinstance(v, list) else [v])] for label, v in rows.items()]
    if not isinstance(rows, list):
        raise Unreadable("layout_mismatch", "json_rows points to no list or object")
    lines: list[list[str]] = []
    if header is not None:
        width = max((len(row) for row in rows if isinstance(row, list)), default=len(header))
        lines.append([""] * (width - len(header)) + [_json_text(label) for label in header])
    if any(isinstance(row, dict) for row in rows):
        flat = [_flattened(row) if isinstance(row, dict) else {"": _json_text(row)} for row in rows]
        keys = list(dict.fromkeys(key for row in flat for key in row))
        lines.append(keys)
        lines += [[row.get(key, "") for key in keys] for row in flat]
    else:
        lines += [
            [_json_text(value) for value in (row if isinstance(row, list) else [row])]
            for row in rows
        ]
    return lines


def _pointed(document: Any, pointer: str | None) -> Any:
    """What an RFC 6901 pointer points to."""
    for token in (pointer or "").split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        document = document[int(token)] if isinstance(document, list) else document[token]
    return document


def _flattened(row: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            flat |= _flattened(value, f"{prefix}{key}.")
        elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
            for number, part in enumerate(value):
                flat |= _flattened(
                    part if isinstance(part, dict) else {"": part}, f"{prefix}{key}.{number}."
                )
        else:
            flat[prefix + key] = _json_text(value)
    return flat


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
