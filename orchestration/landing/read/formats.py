"""Open a file of any format as sheets of printed text; the parsing is left to libraries.

A sheet is rows of strings as printed. Numbers of workbooks are written with the fewest digits
that give the same double; numbers of JSON stay as they stand in the file.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from orchestration.landing.read import aside, limits
from orchestration.landing.read.sheet import Sheet, Unreadable, undecodable
from orchestration.landing.read.workbooks import workbook_sheets
from orchestration.landing.read.xml_workbooks import excel_2003_sheets

if TYPE_CHECKING:
    from orchestration.landing.read.sidecar import Layout

Format = Literal["csv", "xlsx", "xls", "ods", "xml", "mhtml", "html", "json", "parquet"]
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".et", ".xml", ".mht", ".mhtml")
SUFFIXES = (".csv", ".tsv", ".txt", ".html", ".htm", ".json", ".parquet", *WORKBOOK_SUFFIXES)
WORKBOOKS = ("xlsx", "xls", "ods")
WITHOUT_LINES = (*WORKBOOKS, "parquet")  # that a person could read
TEXTS = ("csv", "html", "json")  # what has an encoding that the file does not say itself
EMPTY = (
    "neither a workbook nor a web page: empty or damaged",
    "既非工作簿也非网页：空文件或已损坏",
)
MAGIC: dict[bytes, Format] = {
    bytes.fromhex("d0cf11e0a1b11ae1"): "xls",
    b"PK\x03\x04": "xlsx",
    b"PAR1": "parquet",
}
# Delimiters of text that is set in columns: any blanks, or gaps of two and more (and tabs).
WHITESPACE = "whitespace"
GAPS = "gaps"


# What is no table, by its first bytes: the office's remedy is to save it as one.
UNREAD = {
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"SQLite": "SQLite",
    b"{\\rtf": "RTF",
}


def detect_format(path: Path) -> Format:
    """The format by content, not by name: offices save web pages and text as .xls and worse.

    What is packed is looked into where it is parsed. Raises Unreadable for what is damaged or of a
    kind that is not read.
    """
    with path.open("rb") as handle:
        head = handle.read(4096)
    for magic, kind in UNREAD.items():
        if head.startswith(magic):
            raise Unreadable("file_kind_unread", kind)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Unreadable("file_kind_unread", suffix or path.name)
    for magic, form in MAGIC.items():
        if head.startswith(magic):
            return form
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text and text.startswith(b"<?xml"):
        return "xml"
    if re.match(
        rb"(mime-version|from|content-type|subject|date|message-id|x-[a-z-]+):", text, re.I
    ):
        return "mhtml"
    if re.match(rb"<(!doctype|html|head|body|table|meta|\?xml|!--)", text[:2000].lower()):
        return "html"
    if text[:1] in (b"{", b"[") and suffix == ".json":
        return "json"
    if suffix in (*WORKBOOK_SUFFIXES, ".parquet") and not _is_text(head):
        raise Unreadable("file_unreadable", *EMPTY)
    suffixes: dict[str, Format] = {".json": "json", ".html": "html", ".htm": "html"}
    return suffixes.get(suffix, "csv")


def _packed_format(path: Path) -> Format:
    """What kind of document a zip is. A damaged one is left to its reader to say so."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if "mimetype" in names:
                with package.open("mimetype") as kind:
                    if b"opendocument.spreadsheet" in kind.read(100):
                        return "ods"
    except (zipfile.BadZipFile, OSError):
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Unreadable("file_kind_unread", "xlsb")
    if "xl/workbook.xml" not in names:
        raise Unreadable("file_kind_unread", "docx" if "word/document.xml" in names else "zip")
    return "xlsx"


def _is_text(head: bytes) -> bool:
    """Does a file named as what is no text hold text? Nothing printable is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return bool(head.strip()) and not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head)


def open_sheets(path: Path, encoding: str, layout: Layout) -> list[Sheet]:
    """The sheets of a file, to be read before the next one is opened.

    Text and Parquet are read here, some rows at a time; the rest is parsed whole, in a child
    process. Raises Unreadable, also while rows are read.
    """
    found = detect_format(path)
    if found == "parquet":
        from orchestration.landing.read.parquet import ParquetTable

        rows = ParquetTable(path).rows()
        return [Sheet("", _counted(rows) if layout.blocks else rows)]
    is_streamed = (
        found == "csv" and not layout.blocks and layout.delimiter not in (WHITESPACE, GAPS)
    )
    if not is_streamed:
        check_size(path, f"{found} with blocks or set in columns" if found == "csv" else found)
    if found == "csv":
        rows = _csv_rows(path, encoding, layout.delimiter)
        return [Sheet("", rows if is_streamed else _counted(rows))]
    keys = {"json_rows": layout.json_rows, "json_columns": layout.json_columns}
    return aside.read(path, found, encoding, keys)


def check_size(path: Path, kind: str) -> None:
    """Raise Unreadable if a file is too large to be parsed whole."""
    size, most = path.stat().st_size, limits.current().bytes
    if size > most:
        limit = f"{most // 10**6} MB"
        raise Unreadable(
            "file_too_large",
            f"{size} bytes, {kind} may have {limit}",
            f"{size} 字节，{kind.split(' ')[0]} 不得超过 {limit}",
        )


def parse_whole(path: Path, found: str, encoding: str, keys: dict[str, Any]) -> list[Sheet]:
    """The sheets of a file that is no text, in this process. Raises Unreadable."""
    if found == "xlsx":
        found = _packed_format(path)
    data = path.read_bytes()
    if found in WORKBOOKS:
        return workbook_sheets(data, found)
    if found == "xml":
        return excel_2003_sheets(data)
    if found == "mhtml":
        return _mhtml_sheets(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise undecodable(error) from error
    if found == "html":
        return _html_sheets(text)
    return [Sheet("", iter(_json_rows(text, keys["json_rows"], keys["json_columns"])))]


def _counted(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows that are kept all at once: no more cells than a sheet may have."""
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if cells > limits.current().cells:
            limits.current().check_cells(1, cells, f"row {number}")
        yield row


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
    # The default of the csv module is 128 KiB.
    csv.field_size_limit(limits.current().row_characters)
    with path.open(encoding=encoding, newline="") as handle:
        lines = _Lines(handle)
        try:
            if delimiter == WHITESPACE:
                # Indentation says what is part of what, so it stays with the first word.
                rows: Iterator[list[str]] = (re.findall(r"^\s*\S+|\S+", line) for line in lines)
            elif delimiter == GAPS:
                rows = (split_at_gaps(line) for line in lines)
            else:
                rows = csv.reader(lines, delimiter=delimiter, strict=True)
            for row in rows:
                lines.of_row = 0
                yield row
        except (UnicodeDecodeError, UnicodeError) as error:
            raise undecodable(error) from error
        except csv.Error as error:
            raise Unreadable(
                "file_unreadable", f"{error}: a quote is not closed", "引号未闭合"
            ) from error


class _Lines:
    """The lines of a text, as long as those of one row are not too long together."""

    def __init__(self, handle: IO[str]) -> None:
        self.handle = handle
        self.most = limits.current().row_characters
        self.of_row = 0  # characters since the last row began; a row sets it back

    def __iter__(self) -> Iterator[str]:
        while line := self.handle.readline(self.most + 1):
            self.of_row += len(line)
            if self.of_row > self.most:
                limit = f"{self.most:,}"
                found = f"a row has more than {limit} characters"
                raise limits.exceeded("row_characters", found, f"一行超过 {limit} 个字符", limit)
            yield line


def split_at_gaps(line: str) -> list[str]:
    text = line.rstrip()
    indent = text[: len(text) - len(text.lstrip())]
    words = re.split(r"[ \u3000\xa0]{2,}|[ \u3000]*\t[ \u3000]*", text.strip())
    return [indent + words[0], *words[1:]] if text.strip() else []


# --- web pages and JSON --------------------------------------------------------------------------


def _mhtml_sheets(data: bytes) -> list[Sheet]:
    """The tables of a web page saved as one file; each of its parts says its own encoding."""
    import email
    from email import policy

    message = email.message_from_bytes(data.lstrip(), policy=policy.default)
    sheets: list[Sheet] = []
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        stated = re.search(rb"charset=[\"']?([\w-]+)", content[:2000])
        charset = part.get_content_charset() or (stated[1].decode() if stated else "utf-8")
        charset = "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
        try:
            found = _tables(content.decode(charset))
        except (UnicodeDecodeError, LookupError) as error:
            raise undecodable(error) from error
        for sheet in found:
            sheet.name = str(len(sheets) + 1)
            sheets.append(sheet)
    if not sheets:
        raise Unreadable("file_unreadable", "no table in the page", "网页中没有表格")
    return sheets


def _html_sheets(text: str) -> list[Sheet]:
    sheets = _tables(text)
    if not sheets:
        raise Unreadable("file_unreadable", "no table in the page", "网页中没有表格")
    return sheets


def _tables(text: str) -> list[Sheet]:
    from lxml import html

    # The parser closes what is open; a page cut off in a table must not pass for a whole one.
    if len(re.findall(r"<table\b", text, re.I)) > len(re.findall(r"</table\s*>", text, re.I)):
        raise Unreadable("file_unreadable", "the page ends inside a table", "网页在表格中间截断")
    if not text.strip():
        raise Unreadable("file_unreadable", "the page is empty", "网页为空")
    document = html.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    sheets = []
    for number, table in enumerate(document.iter("table"), start=1):
        rows, merged = _html_rows(table)
        size = sum(len(row) for row in rows)
        sheets.append(Sheet(str(number), iter(rows), size=size, merged=merged))
    return sheets


def _html_rows(table: Any) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
    """The cells of a table on a grid; a cell over several places is printed in the first."""
    for line_break in table.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    grid: dict[tuple[int, int], str] = {}
    merged = []
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    widest = 0
    for top, row in enumerate(rows, start=1):
        column = 1
        for cell in row.iterchildren("td", "th"):
            while (top, column) in grid:
                column += 1
            down, across = (_span(cell, "rowspan"), _span(cell, "colspan"))
            down = min(down, len(rows) - top + 1)  # what spans more ends with the table
            widest = max(widest, column + across - 1)
            limits.current().check_cells(len(rows), widest)
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


def _json_rows(text: str, json_rows: str | None, json_columns: str | None) -> list[list[str]]:
    """Lists of lists as they are; objects with their keys as the first row.

    `json_rows` and `json_columns` are JSON pointers to the rows and to the labels across. Rows
    may be an object of label to values. Nested objects become columns `outer.inner`.
    """
    from jsonpointer import JsonPointerException, resolve_pointer

    try:
        document = json.loads(text, parse_float=str, parse_int=str)
        rows = resolve_pointer(document, json_rows or "")
        header = resolve_pointer(document, json_columns) if json_columns else None
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable("file_unreadable", f"not whole JSON: {error}", "JSON 不完整") from error
    except JsonPointerException as error:
        detail = f"nothing at json_rows or json_columns: {error}"
        detail_zh = "json_rows 或 json_columns 处没有内容"
        raise Unreadable("layout_mismatch", detail, detail_zh) from error
    if isinstance(rows, dict):
        rows = [[label, *(v if isinstance(v, list) else [v])] for label, v in rows.items()]
    if not isinstance(rows, list):
        raise Unreadable(
            "layout_mismatch",
            "json_rows points to no list or object",
            "json_rows 所指不是数组或对象",
        )
    lines: list[list[str]] = []
    if not isinstance(header, list | None):
        raise Unreadable(
            "layout_mismatch", "json_columns points to no list", "json_columns 所指不是数组"
        )
    if header is not None:
        width = max((len(row) for row in rows if isinstance(row, list)), default=len(header))
        lines.append([""] * (width - len(header)) + [_json_text(label) for label in header])
    if any(isinstance(row, dict) for row in rows):
        flat = [_flattened(row) if isinstance(row, dict) else {"": _json_text(row)} for row in rows]
        keys = list(dict.fromkeys(key for row in flat for key in row))
        limits.current().check_cells(len(flat) + 1, len(keys))
        lines.append(keys)
        lines += [[row.get(key, "") for key in keys] for row in flat]
    else:
        lines += [
            [_json_text(value) for value in (row if isinstance(row, list) else [row])]
            for row in rows
        ]
    return lines


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
