"""Workbooks as sheets of printed text: what a reader of the file would see in each cell.

Values come from python-calamine. What it does not tell (formulas without a result, error values,
what is hidden, formats that show another number than is stored) is read beside it, and only where
a file has any of it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from orchestration.landing.read import limits, number_format
from orchestration.landing.read.sheet import Sheet, Unreadable, cell_name, column_letters

# Excel encrypts "protected" workbooks that ask for no password with this one.
EXCEL_DEFAULT_PASSWORD = "VelvetSweatshop"
DIFFERS = "value_format_differs"
# Formulas, errors, and what is hidden or drawn too small to be seen.
TELLING = re.compile(rb'<(\w+:)?f[ >/]|t="e"|hidden=|\b(width|ht)="0[.\d]*"')
# A cell that holds something, by its letters and its row: a blank one has no end tag.
PLACED = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
SMALLEST = 0.5  # characters wide or points high
Place = tuple[int, int]


@dataclass
class Marks:
    """What the values of a sheet do not say."""

    faults: dict[Place, tuple[str, str]] = field(default_factory=dict)
    # what is seen in place of the stored number
    texts: dict[Place, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: int = 0

    def show(self, place: Place, value: float, code: str, is_1904: bool = False) -> None:
        """Note what a number format makes of a stored number."""
        seen = number_format.shown(value, code, is_1904)
        if seen is None:
            return
        if seen.is_contradiction:
            self.faults[place] = DIFFERS, f"{printed(value)} → {seen.text or '␣'} ({code})"
        else:
            self.texts[place] = seen.text

    def sheet(self, name: str, rows: Iterator[list[str]], is_hidden: bool, **more: Any) -> Sheet:
        """The sheet that these are the marks of."""
        return Sheet(
            name,
            rows,
            is_hidden,
            faults=self.faults,
            hidden_rows=self.hidden_rows,
            hidden_columns=self.hidden_columns,
            formulas=self.formulas,
            **more,
        )


def workbook_sheets(data: bytes, kind: str) -> list[Sheet]:
    """The sheets of a workbook. Raises Unreadable."""
    try:
        if kind == "xls":
            data = _decrypted(data)
            kind = "xlsx" if data.startswith(b"PK") else "xls"
        most = limits.current().unpacked_bytes
        if kind in ("xlsx", "ods") and _unpacked_bytes(data) > most:
            limit = f"{most // 10**6} MB"
            detail = f"unpacks to more than {limit}"
            raise Unreadable("file_too_large", detail, f"解压后超过 {limit}")
        if kind == "ods":
            from orchestration.landing.read.xml_workbooks import open_document_sheets

            with zipfile.ZipFile(io.BytesIO(data)) as package:
                return open_document_sheets(package.read("content.xml"))
        return list(_calamine_sheets(data, _xlsx_marks if kind == "xlsx" else _xls_marks))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        detail = f"not a whole workbook: {error}"
        raise Unreadable("file_unreadable", detail, "工作簿不完整") from error


def _calamine_sheets(data: bytes, read_marks: Any) -> Iterator[Sheet]:
    import python_calamine

    workbook = python_calamine.load_workbook(io.BytesIO(data))
    marks = read_marks(data)
    for meta in workbook.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        merged = [
            (top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
        ]
        is_hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
        own = marks.get(meta.name, Marks())
        yield own.sheet(meta.name, _printed_rows(sheet, own.texts), is_hidden, merged=merged)


def _printed_rows(sheet: Any, texts: dict[Place, str]) -> Iterator[list[str]]:
    """The rows of a sheet as printed; the library leaves out the blank columns before the first."""
    before = [""] * (sheet.start[1] if sheet.start else 0)
    shown_in = {row for row, _ in texts}
    for number, values in enumerate(sheet.iter_rows(), start=1):
        row = before + [printed(value) for value in values]
        if number in shown_in:
            row = [texts.get((number, c), text) for c, text in enumerate(row, start=1)]
        yield row


def printed(value: Any) -> str:
    """A stored value as text: of a number the fewest digits that give the same double."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date | time | timedelta):
        return value.isoformat() if not isinstance(value, timedelta) else str(value)
    return str(value)


def _unpacked_bytes(data: bytes) -> int:
    """What a workbook takes when unpacked: a small file may hold a very large sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return sum(entry.file_size for entry in package.infolist())


def _decrypted(data: bytes) -> bytes:
    """The file without its encryption; one that has none is given back as it is."""
    import msoffcrypto

    plain = io.BytesIO()
    office = msoffcrypto.OfficeFile(io.BytesIO(data))
    if not office.is_encrypted():
        return data
    try:
        office.load_key(password=EXCEL_DEFAULT_PASSWORD)
        office.decrypt(plain)
    except Exception as error:
        detail = f"encrypted with a password greenpark does not know ({error})"
        raise Unreadable("file_encrypted", detail, "口令未知") from error
    return plain.getvalue()


# --- xlsx and xlsm -------------------------------------------------------------------------------


def _xlsx_marks(data: bytes) -> dict[str, Marks]:
    """The marks of each sheet. Its XML is gone through only where its bytes hold any."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        book = etree.fromstring(package.read("xl/workbook.xml"))
        is_1904 = any(
            node.get("date1904") in ("1", "true") for node in book.iterfind("{*}workbookPr")
        )
        parts = {
            node.get("Id"): node.get("Target")
            for node in etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        }
        codes = _style_codes(package.read("xl/styles.xml")) if "xl/styles.xml" in names else []
        telling = {
            str(n).encode() for n, code in enumerate(codes) if not number_format.is_plain(code)
        }
        marks = {}
        for node in book.iterfind("{*}sheets/{*}sheet"):
            target = next((v for k, v in node.attrib.items() if k.endswith("}id")), "")
            path = parts.get(target, "")
            path = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
            if path not in names:
                continue
            content = package.read(path)
            _check_extent(content)
            has_telling = not telling.isdisjoint(re.findall(rb'\bs="(\d+)"', content))
            if has_telling or TELLING.search(content):
                marks[node.get("name")] = _xlsx_sheet_marks(content, codes, is_1904)
    return marks


def _check_extent(content: bytes) -> None:
    """Raise Unreadable if the cells of a sheet reach further than a sheet may be large.

    Looked at before the sheet is read, which makes all that lie between.
    """
    rows, letters = 0, set()
    for cell in PLACED.finditer(content):
        letters.add(cell[1])
        rows = max(rows, int(cell[2]))
    columns = max((_column_number(each.decode()) for each in letters), default=0)
    limits.current().check_cells(rows, columns, cell_name(rows, columns))


def _style_codes(styles: bytes) -> list[str]:
    """The number format of each cell style, by its place."""
    from lxml import etree

    document = etree.fromstring(styles)
    own = {
        int(node.get("numFmtId")): node.get("formatCode", "")
        for node in document.iterfind("{*}numFmts/{*}numFmt")
    }
    known = number_format.BUILT_IN | own
    return [
        known.get(int(node.get("numFmtId", "0")), number_format.GENERAL)
        for node in document.iterfind("{*}cellXfs/{*}xf")
    ]


def _is_unseen(node: Any, size: str) -> bool:
    """Is a row or column hidden, or drawn so small that nobody sees it?"""
    return _is_true(node.get("hidden")) or float(node.get(size) or 1) < SMALLEST


def _xlsx_sheet_marks(content: bytes, codes: list[str], is_1904: bool) -> Marks:
    from lxml import etree

    marks = Marks()
    row = column = 0
    for event, node in etree.iterparse(
        io.BytesIO(content), events=("start", "end"), tag=("{*}c", "{*}row", "{*}col")
    ):
        tag = node.tag.rpartition("}")[2]
        if event == "start":
            if tag == "row":
                row, column = int(node.get("r", row + 1)), 0
                if _is_unseen(node, "ht"):
                    marks.hidden_rows.append(row)
            continue
        if tag == "col" and _is_unseen(node, "width"):
            first, last = int(node.get("min", "1")), int(node.get("max", "1"))
            marks.hidden_columns += range(first, min(last, first + 999) + 1)
        elif tag == "c":
            column = _column_number(node.get("r")) or column + 1
            _mark_cell(marks, (row, column), node, codes, is_1904)
        if tag == "row":
            node.clear()
    return marks


def _mark_cell(marks: Marks, place: Place, node: Any, codes: list[str], is_1904: bool) -> None:
    formula, stored = node.find("{*}f"), node.findtext("{*}v")
    if node.get("t") == "e":
        marks.faults[place] = "value_is_error", stored or ""
        return
    if formula is not None:
        if stored is None or (not stored.strip() and node.get("t") != "str"):
            marks.faults[place] = "value_is_formula", f"={formula.text or ''}"
            return
        marks.formulas += 1
    style = int(node.get("s", "0"))
    if stored and node.get("t", "n") == "n" and style < len(codes):
        code = codes[style]
        if not number_format.is_plain(code):
            marks.show(place, float(stored), code, is_1904)


def _is_true(text: str | None) -> bool:
    return text in ("1", "true")


def _column_number(reference: str | None) -> int:
    """The column of a cell such as AB12; 0 if none is given."""
    number = 0
    for letter in reference or "":
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number


# --- xls -----------------------------------------------------------------------------------------


def _xls_marks(data: bytes) -> dict[str, Marks]:
    """Of this format it cannot be seen that a value came from a formula."""
    import xlrd

    options = {"file_contents": data, "on_demand": True, "logfile": io.StringIO()}
    try:
        workbook = xlrd.open_workbook(**options, formatting_info=True)
    except (xlrd.XLRDError, NotImplementedError, AssertionError, IndexError, KeyError):
        workbook = xlrd.open_workbook(**options)
    with workbook:
        codes = [
            workbook.format_map[style.format_key].format_str
            if style.format_key in workbook.format_map
            else number_format.GENERAL
            for style in workbook.xf_list
        ]
        telling = {n for n, code in enumerate(codes) if not number_format.is_plain(code)}
        return {
            sheet.name: _xls_sheet_marks(sheet, codes, telling, bool(workbook.datemode))
            for sheet in workbook.sheets()
        }


def _xls_sheet_marks(sheet: Any, codes: list[str], telling: set[int], is_1904: bool) -> Marks:
    import xlrd

    limits.current().check_cells(sheet.nrows, sheet.ncols)
    marks = Marks(
        hidden_rows=[
            number + 1
            for number, info in sheet.rowinfo_map.items()
            if info.hidden or info.height == 0
        ],
        hidden_columns=[
            number + 1
            for number, info in sheet.colinfo_map.items()
            if info.hidden or info.width == 0
        ],
    )
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            place = row + 1, column + 1
            if kind == xlrd.XL_CELL_ERROR:
                text = xlrd.error_text_from_code[sheet.cell_value(row, column)]
                marks.faults[place] = "value_is_error", text
            elif telling and kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                style = sheet.cell_xf_index(row, column)
                if style in telling:
                    value = float(sheet.cell_value(row, column))
                    marks.show(place, value, codes[style], is_1904)
    return marks


# --- what a person should know -------------------------------------------------------------------


def hidden_text(sheet: Sheet, lang: str) -> str:
    """The rows and columns of a sheet that nobody sees; '' if there are none."""
    rows = _spans(sheet.hidden_rows, str)
    columns = _spans(sheet.hidden_columns, column_letters)
    if lang == "zh":
        parts = [f"第 {rows} 行" if rows else "", f"{columns} 列" if columns else ""]
        return "、".join(part for part in parts if part)
    parts = [f"row {rows}" if rows else "", f"column {columns}" if columns else ""]
    return " and ".join(part for part in parts if part)


def _spans(numbers: Iterable[int], name: Any) -> str:
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(name(a) if a == b else f"{name(a)}-{name(b)}" for a, b in spans)
