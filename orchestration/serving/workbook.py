"""A published table as a workbook: labels and units above, numbers formatted, no formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from orchestration.errors import GreenparkError
from orchestration.serving import output

MOST_ROWS = 1_048_576  # of a sheet
HEADINGS = ("heading_zh", "heading_en")
WIDEST, NARROWEST = 40, 10


def write(
    path: Path,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    said: Mapping[str, Mapping[str, Any]],
) -> int:
    """Write a sheet with three rows of headings that stay in view; return how many rows follow.

    `said` has the row of the dictionary of a column: its headings in both languages, with the unit,
    and its format. Every text is a text, also one that looks like a formula. Raises GreenparkError
    where a sheet cannot hold the rows.
    """
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    # The day is of the format, not of the run: the same table gives the same bytes.
    book.set_properties({"created": datetime(2026, 1, 1)})
    sheet = book.add_worksheet(table.split(".", 1)[1][:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    quoted = book.add_format({"quote_prefix": True})
    formats = {
        name: book.add_format({"num_format": said[name]["format"]})
        for name in columns
        if said.get(name, {}).get("format")
    }
    for place, name in enumerate(columns):
        sheet.set_column(place, place, min(max(len(name), NARROWEST), WIDEST))
    for line, heading in enumerate(HEADINGS):
        for place, name in enumerate(columns):
            sheet.write_string(line, place, said.get(name, {}).get(heading) or name, bold)
    for place, name in enumerate(columns):
        sheet.write_string(len(HEADINGS), place, name, bold)
    first = len(HEADINGS) + 1
    sheet.freeze_panes(first, 0)
    count = 0
    for row in rows:
        line = first + count
        if line >= MOST_ROWS:
            book.close()
            raise GreenparkError(
                f"{table} has more rows than a sheet holds ({MOST_ROWS - first:,})",
                "export it as csv or parquet, or a part of it: greenpark query --output F.csv",
            )
        for place, (name, value) in enumerate(zip(columns, row, strict=True)):
            _write_cell(sheet, (line, place), value, formats.get(name), quoted)
        count += 1
    sheet.autofilter(len(HEADINGS), 0, max(first + count - 1, first), max(len(columns) - 1, 0))
    book.close()
    return count


def _write_cell(
    sheet: Worksheet, place: tuple[int, int], value: Any, shown: Format | None, quoted: Format
) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_boolean(*place, value)
        case int() | float():
            if output.plain(value) is not None:
                sheet.write_number(*place, value, shown)
        case _:
            text = output.text(value)
            sheet.write_string(*place, text, quoted if output.is_formula(text) else None)
