"""The values of a file with labels down and across, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.errors import Note
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.labels import BLANKS
from orchestration.landing.map.matrix import map_matrix
from orchestration.landing.map.vocabulary import Vocabulary
from orchestration.landing.read.files import FileContent
from orchestration.landing.read.formats import open_sheets
from orchestration.landing.read.sheet import Sheet, Unreadable
from orchestration.landing.read.sidecar import Layout
from orchestration.landing.read.workbooks import hidden_text


def read_cells(content: FileContent, vocabulary: Vocabulary) -> Iterator[Cell]:
    """The cells of a matrix. Raises Unreadable, possibly after cells were given."""
    layout = content.described.layout
    sector_item = vocabulary.sector_items.get(content.described.dataset, "")
    sheets = open_sheets(content.file.path, content.described.encoding, layout)
    wanted = parts_by_sheet(sheets, layout)
    for sheet in sheets:
        if sheet.name in wanted:
            content.notes += sheet_notes(sheet)
            yield from map_matrix(
                sheet, wanted[sheet.name], vocabulary, content.captions, sector_item
            )
        else:
            yield from unread_rows(sheet, layout)


def parts_by_sheet(sheets: list[Sheet], layout: Layout) -> dict[str, list[Layout]]:
    """The parts of the layout by the sheet they read. Raises Unreadable if one is not there.

    Without a name it is the first visible sheet of a workbook, the largest table of a page.
    """
    names = [sheet.name for sheet in sheets]
    first = next((sheet.name for sheet in sheets if not sheet.is_hidden), names[0])
    if sheets and sheets[0].size:
        first = max(sheets, key=lambda sheet: sheet.size).name
    wanted: dict[str, list[Layout]] = {}
    for part in layout.parts():
        name = first if part.sheet is None else part.sheet
        if name not in names:
            there = ", ".join(names)
            detail = f"no sheet {name}; there are {there}"
            raise Unreadable("layout_mismatch", detail, f"没有工作表 {name}；现有 {there}")
        wanted.setdefault(name, []).append(part)
    return wanted


def unread_rows(sheet: Sheet, layout: Layout) -> Iterator[Cell]:
    """The rows of a sheet nobody described; a page's other tables are its furniture."""
    if sheet.name in layout.ignore_sheets or sheet.size:
        return
    rule = "sheet_hidden" if sheet.is_hidden else "sheet_unread"
    for number, row in enumerate(sheet.rows, start=1):
        if any(text.strip(BLANKS) for text in row):
            yield Cell(number, 0, "", "\t".join(row), sheet_name=sheet.name, fault=rule)


def sheet_notes(sheet: Sheet) -> list[Note]:
    """What a reader of the sheet would not see of what is read."""
    notes = []
    if hidden_zh := hidden_text(sheet, "zh"):
        hidden = hidden_text(sheet, "en")
        notes.append(Note(f"hidden and read: {hidden}", f"已隐藏而照读：{hidden_zh}"))
    if sheet.formulas:
        notes.append(
            Note(
                f"cells with formulas, read as the results stored: {sheet.formulas}",
                f"公式单元格，按存储的结果读入：{sheet.formulas} 个",
            )
        )
    name = f"{sheet.name} " if sheet.name else ""
    return [Note(name + note.en, name + note.zh) for note in notes]
