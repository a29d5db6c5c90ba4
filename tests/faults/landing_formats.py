"""The tables of the corpus as files: every format offices send, written by other libraries."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from pathlib import Path

import yaml
from landing_tables import Table

PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
SHEET = "Sheet1"
DELIMITERS = {"csv": ",", "tsv": "\t", "semicolon": ";", "bar": "|"}
SUFFIXES = {
    "csv": ".csv",
    "tsv": ".tsv",
    "semicolon": ".csv",
    "bar": ".txt",
    "whitespace": ".txt",
    "xlsx": ".xlsx",
    "encrypted": ".xls",
    "locked": ".xlsx",
    "xls": ".xls",
    "html": ".html",
    "html_as_xls": ".xls",
    "json": ".json",
    "json_objects": ".json",
}
# The sheet in which the warehouse finds the table of a file.
SHEETS = {"xlsx": SHEET, "encrypted": SHEET, "locked": SHEET, "xls": SHEET}
SHEETS |= {"html": "2", "html_as_xls": "2"}


def write(table: Table, kind: str) -> bytes:
    """The bytes of the table in one format; adds to its layout what the format needs."""
    if kind in DELIMITERS:
        table.layout["delimiter"] = DELIMITERS[kind]
        return _delimited(table, DELIMITERS[kind]).encode(table.encoding)
    if kind == "whitespace":
        table.layout["delimiter"] = "whitespace"
        table.layout.setdefault("value_columns", table.value_columns)
        lines = ("   ".join(cell.replace(" ", "") for cell in row) for row in table.rows)
        return ("\r\n".join(lines) + "\r\n").encode(table.encoding)
    if kind == "xlsx":
        return _xlsx(table)
    if kind in ("encrypted", "locked"):
        return _encrypted(_xlsx(table), "VelvetSweatshop" if kind == "encrypted" else "2023年报")
    if kind == "xls":
        return _xls(table)
    if kind.startswith("html"):
        return _html(table).encode(table.encoding)
    if kind == "json":
        table.layout["json_rows"] = "/data"
        return _json({"title": "表", "data": table.rows}).encode(table.encoding)
    header, *rest = table.rows
    objects = [dict(zip(header, row, strict=False)) for row in rest]
    return _json(objects).encode(table.encoding)


def _delimited(table: Table, delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(table.rows)
    return text.getvalue()


def _xlsx(table: Table) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheets = [(SHEET, False, table.rows), *table.other_sheets]
    for number, (name, is_hidden, rows) in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = name
        sheet.sheet_state = "hidden" if is_hidden else "visible"
        for row in rows:
            sheet.append([_typed(text) for text in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _xls(table: Table) -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for name, is_hidden, rows in [(SHEET, False, table.rows), *table.other_sheets]:
        sheet = book.add_sheet(name)
        sheet.visibility = 1 if is_hidden else 0
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text.startswith("#") and text.endswith(("!", "A", "?")):
                    sheet.row(r).set_cell_error(c, text)
                elif text:
                    sheet.write(r, c, _typed(text))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _typed(text: str) -> str | float | int | None:
    if not PLAIN_NUMBER.fullmatch(text):
        return text or None
    return float(text) if "." in text else int(text)


def _encrypted(data: bytes, password: str) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    content = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, content)
    return content.getvalue()


def _html(table: Table) -> str:
    lines = ["<html><head><meta charset='utf-8'><title>表</title></head><body>"]
    lines.append("<table><tr><td>首页</td></tr></table><table border='1'>")
    for row in table.rows:
        lines.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>")
    lines.append("</table></body></html>")
    return "\n".join(lines)


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)


# --- delivering ----------------------------------------------------------------------------------


def describe(table: Table, data: bytes, table_number: str) -> dict:
    """The sidecar of a table."""
    return {
        "dataset": table.dataset,
        "source_id": f"corpus_{table.edition}",
        "publisher": "corpus",
        "title_zh": "样表",
        "title_en": "Sample",
        "edition_year": table.edition,
        "table_number": table_number,
        "encoding": table.encoding,
        "sha256": hashlib.sha256(data).hexdigest(),
        "licence": "made up",
        "origin": "observed",
        "url_or_citation": "tests/faults",
        "layout": table.layout,
    }


def save(root: Path, name: str, data: bytes, sidecar: dict | str | None) -> None:
    """Write a file and what stands in its sidecar."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if sidecar is not None:
        text = sidecar if isinstance(sidecar, str) else yaml.safe_dump(sidecar, allow_unicode=True)
        path.with_name(path.name + ".yml").write_text(text, encoding="utf-8")


def deliver(root: Path, name: str, table: Table, kind: str = "csv") -> str:
    """Write a table and its sidecar below `root`; returns the sha256 of the file."""
    data = write(table, kind)
    sidecar = describe(table, data, name)
    save(root, name, data, sidecar)
    return sidecar["sha256"]
