"""A sheet of a workbook: values, formulas and headings, and how cells are named in formulas."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, BinaryIO

from orchestration.serving.output import is_formula

FORMATS: dict[str, dict[str, Any]] = {
    "text": {},
    "code": {},
    "whole": {"num_format": "0"},
    "tonnes": {"num_format": "#,##0.00"},
    "quantity": {"num_format": "#,##0.###"},
    "factor": {"num_format": "0.#########"},
    "share": {"num_format": "0.0%"},
    "bold": {"bold": True},
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "bg_color": "#EEF4F0", "border": 1, "text_wrap": True},
    "warning": {"bold": True, "font_color": "#B3261E"},
    # A text that a program might take for a formula when it is copied or saved as CSV.
    "quoted": {"quote_prefix": True},
}
LONGEST_NAME = 31  # of a sheet


def new_book(target: BinaryIO, title: str, created: datetime.datetime) -> Any:
    """An empty workbook that reads no text as a number, formula or link."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"title": title, "author": "greenpark", "created": created})
    book.set_calc_mode("auto")
    book.greenpark_formats = {name: book.add_format(look) for name, look in FORMATS.items()}
    book.greenpark_names = set()
    return book


class Sheet:
    """One sheet; its name is made to fit and to be the only one of its kind."""

    def __init__(self, book: Any, name: str, title: str = "") -> None:
        plain = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:LONGEST_NAME]
        self.name, copy = plain, 1
        while self.name.lower() in book.greenpark_names:
            copy += 1
            self.name = f"{plain[: LONGEST_NAME - len(str(copy)) - 1]} {copy}"
        book.greenpark_names.add(self.name.lower())
        self._sheet = book.add_worksheet(self.name)
        self._formats = book.greenpark_formats
        self.text(0, 0, title or name, "title")

    def value(self, row: int, column: int, value: Any, kind: str = "text") -> None:
        """A number as a number, all else as text."""
        if value is None or value == "":
            return
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._sheet.write_number(row, column, value, self._formats[kind])
        else:
            self.text(row, column, str(value), kind)

    def text(self, row: int, column: int, text: str, look: str = "text") -> None:
        """A text that stays one, whatever it begins with."""
        if is_formula(text):
            look = "quoted"
        self._sheet.write_string(row, column, text, self._formats[look])

    def row(self, row: int, values: Sequence[tuple[Any, str]]) -> None:
        """Values with their kinds, from the first column on."""
        for column, (value, kind) in enumerate(values):
            self.value(row, column, value, kind)

    def formula(self, row: int, column: int, formula: str, known: float, kind: str) -> None:
        """A formula, and what it gives."""
        self._sheet.write_formula(row, column, formula, self._formats[kind], known)

    def headings(self, row: int, titles: Sequence[str]) -> None:
        """A row of headings; the first one of a sheet stays in sight."""
        for column, title in enumerate(titles):
            self._sheet.write_string(row, column, title, self._formats["heading"])

    def widths(self, widths: Sequence[float]) -> None:
        """Widths of the columns, in characters."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)


def cell(row: int, column: int, fixed: bool = False) -> str:
    """The name of a cell on its own sheet."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    name: str = xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed)
    return name


def reference(
    sheet: str,
    row: int,
    column: int,
    last_row: int | None = None,
    last_column: int | None = None,
    fixed: bool = False,
) -> str:
    """The name of a cell or of a range, on another sheet if one is named."""
    named = f"'{sheet}'!" if sheet else ""
    first = cell(row, column, fixed)
    if last_row is None or last_column is None:
        return f"{named}{first}"
    return f"{named}{first}:{cell(last_row, last_column, fixed)}"
