"""The tables of the corpus as files: every format offices send, written by other libraries."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import zipfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
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
    "xlsm": ".xlsm",
    "ods": ".ods",
    "xml_2003": ".xls",
    "mhtml": ".mht",
    "text_as_xls": ".xls",
    "single_blanks": ".txt",
}
# The sheet in which the warehouse finds the table of a file.
SHEETS = {"xlsx": SHEET, "encrypted": SHEET, "locked": SHEET, "xls": SHEET}
SHEETS |= {"xlsm": SHEET, "ods": SHEET, "xml_2003": SHEET}
SHEETS |= {"html": "2", "html_as_xls": "2", "mhtml": "2"}
BLANKS = {"whitespace": "   ", "single_blanks": " "}
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def write(table: Table, kind: str) -> bytes:
    """The bytes of the table in one format; adds to its layout what the format needs."""
    if kind in DELIMITERS:
        table.layout["delimiter"] = DELIMITERS[kind]
        return _delimited(table, DELIMITERS[kind]).encode(table.encoding)
    if kind in BLANKS:
        table.layout["delimiter"] = "whitespace"
        table.layout.setdefault("value_columns", table.value_columns)
        lines = (BLANKS[kind].join(cell.replace(" ", "") for cell in row) for row in table.rows)
        return ("\r\n".join(lines) + "\r\n").encode(table.encoding)
    if kind == "text_as_xls":
        table.layout["delimiter"] = "\t"
        return _delimited(table, "\t").encode(table.encoding)
    if kind == "ods":
        return _ods(table)
    if kind == "xml_2003":
        return _xml_2003(table)
    if kind == "mhtml":
        return _mhtml(table)
    if kind in ("xlsx", "xlsm"):
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
    for (row, column), code in table.formats.items():
        book[SHEET].cell(row, column).number_format = code
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
                    code = table.formats.get((r + 1, c + 1), "General")
                    sheet.write(r, c, _typed(text), xlwt.easyxf(num_format_str=code))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _ods(table: Table) -> bytes:
    """Cells hold a number and, apart, what is printed for it."""
    lines = []
    for r, row in enumerate(table.rows, start=1):
        cells = []
        for c, text in enumerate(row, start=1):
            shown = html.escape(table.printed.get((r, c), text))
            is_number = PLAIN_NUMBER.fullmatch(text)
            kind = f'office:value-type="float" office:value="{text}"' if is_number else ""
            cells.append(f"<table:table-cell {kind}><text:p>{shown}</text:p></table:table-cell>")
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    names = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
    document = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="{SHEET}">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", document)
    return content.getvalue()


def _xml_2003(table: Table) -> bytes:
    codes = list(dict.fromkeys(table.formats.values()))
    styles = "".join(
        f'<Style ss:ID="s{n}"><NumberFormat ss:Format="{html.escape(code)}"/></Style>'
        for n, code in enumerate(codes)
    )
    lines = []
    for r, row in enumerate(table.rows, start=1):
        cells = []
        for c, text in enumerate(row, start=1):
            code = table.formats.get((r, c))
            style = f' ss:StyleID="s{codes.index(code)}"' if code else ""
            kind = "Number" if PLAIN_NUMBER.fullmatch(text) else "String"
            data = f'<Data ss:Type="{kind}">{html.escape(text)}</Data>' if text else ""
            cells.append(f"<Cell{style}>{data}</Cell>")
        lines.append(f"<Row>{''.join(cells)}</Row>")
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    document = (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f"<Styles>{styles}</Styles><Worksheet ss:Name={SHEET!r}>"
        f"<Table>{''.join(lines)}</Table></Worksheet></Workbook>"
    )
    return document.encode()


def _mhtml(table: Table) -> bytes:
    message = MIMEMultipart("related")
    message.attach(MIMEText(_html(table), "html", "gb18030"))
    return message.as_bytes()


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
