"""Workbooks that are XML: OpenDocument, whose cells hold number and print, and Excel 2003."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestration.landing.read import limits, number_format
from orchestration.landing.read.sheet import Sheet, Unreadable
from orchestration.landing.read.workbooks import DIFFERS, Marks, printed

SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
WIDEST = 16_384  # columns of a sheet; blank cells are repeated to its end
LONGEST = 1_048_576
NAMED_FORMATS = {"Percent": "0.00%", "Standard": "#,##0.00", "Fixed": "0.00"}
GROUPED = re.compile(r"[,，'\s\u00a0\u202f]")


@dataclass
class _Grid:
    """A sheet while it is read."""

    rows: list[list[str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    cells: int = 0

    def add(self, cells: int) -> None:
        """Count cells, and rows as one each. Raises Unreadable if there are too many."""
        self.cells += cells
        if self.cells > limits.current().cells:
            limits.current().check_cells(1, self.cells)

    def sheet(self, name: str, is_hidden: bool) -> Sheet:
        while self.rows and not any(self.rows[-1]):
            self.rows.pop()
        return self.marks.sheet(name, iter(self.rows), is_hidden, merged=self.merged)


# --- OpenDocument --------------------------------------------------------------------------------


def open_document_sheets(content: bytes) -> list[Sheet]:
    """The sheets of an .ods file, from its `content.xml`."""
    from lxml import etree

    document = etree.fromstring(content, etree.XMLParser(huge_tree=True))
    unseen = {
        _own(style, "name")
        for style in document.iterfind(".//{*}automatic-styles/{*}style")
        for properties in style.iterfind("{*}table-properties")
        if _own(properties, "display") == "false"
    }
    return [
        _ods_grid(table).sheet(_own(table, "name"), _own(table, "style-name") in unseen)
        for table in document.iterfind(".//{*}spreadsheet/{*}table")
    ]


def _own(node: Any, name: str) -> str:
    """An attribute by its name, in whatever namespace."""
    return next((v for k, v in node.attrib.items() if k.rpartition("}")[2] == name), "")


def _times(node: Any, kind: str) -> int:
    return int(_own(node, f"number-{kind}-repeated") or 1)


def _ods_grid(table: Any) -> _Grid:
    grid = _Grid()
    column = 1
    for node in table.iter("{*}table-column"):
        times = _times(node, "columns")
        if _own(node, "visibility") in ("collapse", "filter"):
            grid.marks.hidden_columns += range(column, min(column + times, WIDEST))
        column += times
    for node in table.iter("{*}table-row"):
        times = _times(node, "rows")
        if not len(node.findall(".//{*}p")):
            if len(grid.rows) + times < LONGEST:  # blank to the end of the sheet
                grid.add(times)
                grid.rows += [[] for _ in range(times)]
            continue
        for _ in range(times):
            if _own(node, "visibility") in ("collapse", "filter"):
                grid.marks.hidden_rows.append(len(grid.rows) + 1)
            grid.rows.append(_ods_row(grid, node, len(grid.rows) + 1))
    return grid


def _ods_row(grid: _Grid, node: Any, number: int) -> list[str]:
    row: list[str] = []
    for cell in node.iterchildren("{*}table-cell", "{*}covered-table-cell"):
        down = int(_own(cell, "number-rows-spanned") or 1)
        across = int(_own(cell, "number-columns-spanned") or 1)
        if down * across > 1:
            place = number, len(row) + 1
            grid.merged.append((*place, number + down - 1, place[1] + across - 1))
        has_text = cell.find("{*}p") is not None
        if has_text or _times(cell, "columns") < WIDEST:
            grid.add(_times(cell, "columns"))
        for _ in range(_times(cell, "columns") if has_text else 1):
            row.append(_ods_text(grid.marks, cell, (number, len(row) + 1)) if has_text else "")
        if not has_text and len(row) + _times(cell, "columns") < WIDEST:
            row += [""] * (_times(cell, "columns") - 1)
    while row and not row[-1]:
        row.pop()
    return row


def _ods_text(marks: Marks, cell: Any, place: tuple[int, int]) -> str:
    """What stands in a cell: the stored number where the print is the same, rounded at most."""
    print_ = "\n".join("".join(p.itertext()) for p in cell.iterfind("{*}p")).strip()
    kind, stored = _own(cell, "value-type"), _own(cell, "value")
    if _own(cell, "formula"):
        marks.formulas += 1
    if re.match(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d+", print_):
        marks.faults[place] = "value_is_error", print_
    if kind == "boolean":
        return _own(cell, "boolean-value").upper()
    if kind not in ("float", "currency") or not stored:
        return print_
    value = float(stored)
    seen = re.search(r"\(?[-−]?\d[\d,，'\s\u00a0\u202f]*(\.\d+)?([eE][+-]?\d+)?", print_)
    if seen is None:
        return "0" if value == 0 else print_
    digits = GROUPED.sub("", seen[0]).replace("−", "-")
    number = float(digits.replace("(", "-"))
    step = 0.5 * 10.0 ** -len((seen[1] or ".")[1:]) if not seen[2] else abs(value) / 100
    rest = (print_[: seen.start()] + print_[seen.end() :]).strip(" )")
    if abs(number - value) > step * 1.001 or number_format.MULTIPLIER.fullmatch(rest):
        marks.faults[place] = DIFFERS, f"{printed(value)} → {print_}"
    if re.fullmatch("0[0-9]+", print_):
        return print_  # a code keeps its zeros
    return printed(value)


# --- Excel 2003 ----------------------------------------------------------------------------------


def excel_2003_sheets(data: bytes) -> list[Sheet]:
    """The sheets of an XML spreadsheet of Excel 2003. Raises Unreadable."""
    from lxml import etree

    try:
        document = etree.fromstring(data.lstrip(), etree.XMLParser(huge_tree=True))
    except etree.XMLSyntaxError as error:
        detail = f"not whole XML: {error}"
        raise Unreadable("file_unreadable", detail, "XML 不完整") from error
    codes = {
        _own(style, "ID"): NAMED_FORMATS.get(code, code)
        for style in document.iterfind(f"{{{SPREADSHEET}}}Styles/{{*}}Style")
        for node in style.iterfind("{*}NumberFormat")
        if (code := _own(node, "Format"))
    }
    sheets = []
    for node in document.iterfind(f"{{{SPREADSHEET}}}Worksheet"):
        visible = node.findtext("{*}WorksheetOptions/{*}Visible") or ""
        grid = _Grid()
        for table in node.iterfind("{*}Table"):
            _read_2003(grid, table, codes)
        sheets.append(grid.sheet(_own(node, "Name"), visible.startswith("Sheet")))
    if not sheets:
        raise Unreadable("file_unreadable", "no sheet in the workbook", "工作簿中没有工作表")
    return sheets


def _numbered(nodes: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    """Rows, columns or cells with their places; what is skipped is said by the next index."""
    number = 0
    for node in nodes:
        number = int(_own(node, "Index") or number + 1)
        yield number, node
        number += int(_own(node, "Span") or _own(node, "MergeAcross") or 0)


def _read_2003(grid: _Grid, table: Any, codes: dict[str, str]) -> None:
    marks = grid.marks
    for column, node in _numbered(table.iterchildren("{*}Column")):
        if _own(node, "Hidden") == "1":
            marks.hidden_columns += range(column, column + 1 + int(_own(node, "Span") or 0))
    for number, row in _numbered(table.iterchildren("{*}Row")):
        grid.add(max(number - len(grid.rows), 1))
        grid.rows += [[] for _ in range(number - len(grid.rows))]
        line = grid.rows[number - 1]
        if _own(row, "Hidden") == "1":
            marks.hidden_rows.append(number)
        for column, cell in _numbered(row.iterchildren("{*}Cell")):
            down, across = int(_own(cell, "MergeDown") or 0), int(_own(cell, "MergeAcross") or 0)
            if down or across:
                grid.merged.append((number, column, number + down, column + across))
            grid.add(max(column + across - len(line), 0))
            line += [""] * (column + across - len(line))
            data = cell.find("{*}Data")
            text = "".join(data.itertext()).strip() if data is not None else ""
            kind = _own(data, "Type") if data is not None else ""
            code = codes.get(_own(cell, "StyleID") or _own(row, "StyleID"), "")
            line[column - 1] = _text_2003(marks, (number, column), text, kind, code)
            if _own(cell, "Formula"):
                marks.formulas += bool(text)
                if not text:
                    marks.faults[number, column] = "value_is_formula", _own(cell, "Formula")


def _text_2003(marks: Marks, place: tuple[int, int], text: str, kind: str, code: str) -> str:
    if kind == "Error":
        marks.faults[place] = "value_is_error", text
    elif kind == "Boolean":
        return "TRUE" if text == "1" else "FALSE"
    elif kind == "DateTime":
        is_year = code and set(re.sub(r'"[^"]*"|\\.', "", code).lower()) <= {"y"}
        return (
            text[:4] + ("年" if "年" in code else "")
            if is_year
            else text.removesuffix("T00:00:00.000")
        )
    elif kind == "Number" and text:
        value = float(text)
        if code and code != number_format.GENERAL and not number_format.is_plain(code):
            marks.show(place, value, code)
        return marks.texts.get(place, printed(value))
    return text
