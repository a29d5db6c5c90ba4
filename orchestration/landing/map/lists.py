"""The rows of a list, in batches, all of it text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

from orchestration.forms.form_sheets import is_of_form
from orchestration.landing.map.catalogue import Dataset
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.columns import match_columns
from orchestration.landing.map.labels import BLANKS
from orchestration.landing.map.list_units import headed_units, scales_of
from orchestration.landing.read.formats import GAPS, WHITESPACE, detect_format, open_sheets
from orchestration.landing.read.parquet import ParquetTable
from orchestration.landing.read.sheet import (
    Sheet,
    Unreadable,
    cell_name,
    column_letters,
    text_at,
    undecodable,
)
from orchestration.landing.read.sidecar import Layout

if TYPE_CHECKING:
    import pyarrow as pa
from orchestration.landing.map.tables import parts_by_sheet, sheet_notes, unread_rows
from orchestration.landing.read.files import FileContent

BLOCK_BYTES = 16 << 20
BLOCK_ROWS = 100_000


def read_records(content: FileContent, dataset: Dataset) -> Iterator[pa.RecordBatch | Cell]:
    """The rows of a list: batches of `row_number` and the dataset's columns given, all text.

    A row that is not one of the list comes as a refused cell. Raises Unreadable.
    """
    layout = content.described.layout
    kind = detect_format(content.file.path)
    is_text = kind == "csv" and layout.delimiter not in (WHITESPACE, GAPS)
    if is_text or kind == "parquet":
        if layout.blocks:
            detail = "a list as text has no blocks"
            raise Unreadable("layout_mismatch", detail, "文本清单不能有 blocks")
        yield from (_stream_records if is_text else _parquet_records)(content, dataset)
        return
    sheets = open_sheets(content.file.path, content.described.encoding, layout)
    wanted = parts_by_sheet(sheets, layout)
    for sheet in sheets:
        if sheet.name not in wanted:
            top = next(sheet.rows, [])
            if not is_of_form(sheet.name, top, dataset.name):
                sheet.rows = chain([top], sheet.rows)
                yield from unread_rows(sheet, layout)
            continue
        if len(wanted[sheet.name]) > 1:
            detail = f"a list has one part in a sheet: {sheet.name}"
            detail_zh = f"清单在一个工作表中只有一部分：{sheet.name}"
            raise Unreadable("layout_mismatch", detail, detail_zh)
        content.notes += sheet_notes(sheet)
        for part in wanted[sheet.name]:
            yield from _sheet_records(sheet, part, dataset, content)


def _no_header(rows: int, header_row: int) -> Unreadable:
    return Unreadable(
        "layout_mismatch",
        f"{rows} rows, the header is in {header_row}",
        f"只有 {rows} 行，表头在第 {header_row} 行",
    )


def _stream_records(content: FileContent, dataset: Dataset) -> Iterator[pa.RecordBatch | Cell]:
    """A text file of any length, in blocks."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    sidecar, layout = content.described, content.described.layout
    header_rows = max(layout.header_rows)
    text = open_sheets(content.file.path, sidecar.encoding, layout)[0]
    first = layout.data_starts
    top = list(islice(text.rows, first - 1))
    if len(top) < header_rows:
        raise _no_header(len(top), header_rows)
    header = _joined_header(top, layout)
    found = _match(header, top, layout, dataset, content)
    # A header cell may have line breaks; the reader below skips lines, not rows.
    lines = sum(1 + sum(value.count("\n") for value in row) for row in top)
    ragged: list[Cell] = []
    bad_rows: list[int] = []

    def keep(row: arrow_csv.InvalidRow) -> str:
        bad_rows.append(row.number - lines + first - 1)
        cell = Cell(bad_rows[-1], 0, "", row.text, fault="row_ragged")
        _say_widths(cell, row.actual_columns, row.expected_columns)
        ragged.append(cell)
        return "skip"

    columns = [f"c{number}" for number in range(1, len(header) + 1)]
    try:
        reader = arrow_csv.open_csv(
            content.file.path,
            read_options=arrow_csv.ReadOptions(
                use_threads=False,  # with threads, a bad row does not know its number
                block_size=BLOCK_BYTES,
                column_names=columns,
                skip_rows=lines,
                encoding=sidecar.encoding,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=keep,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
            ),
        )
        good = 0
        for batch in reader:
            _refuse_bare(batch, header, layout)
            numbers = _row_numbers(first, good, batch.num_rows, bad_rows)
            good += batch.num_rows
            yield _record_batch(batch.columns, "", numbers, found, dataset, layout)
            yield from ragged
            ragged.clear()
        yield from ragged
    except UnicodeDecodeError as error:
        raise undecodable(error) from error
    except pa.ArrowInvalid as error:
        if "Empty CSV file" in str(error):
            return
        rule = "file_undecodable" if "UTF8" in str(error) else "file_unreadable"
        detail = " ".join(str(error).split())
        raise Unreadable(rule, detail, "文本与所写的编码或分隔符不符") from error


def _parquet_records(content: FileContent, dataset: Dataset) -> Iterator[pa.RecordBatch]:
    """A Parquet file of any length; its first row is row 2, below the names of its columns."""
    import numpy as np
    import pyarrow as pa

    layout = content.described.layout
    table = ParquetTable(content.file.path)
    if max(layout.header_rows) > 1:
        raise _no_header(1, max(layout.header_rows))
    found = _match(table.header, [table.header], layout, dataset, content)
    number = 2
    for batch in table.batches():
        rows = batch.slice(max(0, layout.data_starts - number))
        number += batch.num_rows
        numbers = pa.array(np.arange(number - rows.num_rows, number))
        yield _record_batch(rows.columns, "", numbers, found, dataset, layout)


def _match(
    header: list[str],
    top: list[list[str]],
    layout: Layout,
    dataset: Dataset,
    content: FileContent,
) -> dict[str, int]:
    """The columns of a list; notes what the lines above it and its headings say of units."""
    found = match_columns(header, layout, dataset)
    captions = [
        " ".join(text for text in row if text.strip()) for row in top[: min(layout.header_rows) - 1]
    ]
    content.captions += [line for line in captions if line]
    content.headings |= {name: header[number - 1] for name, number in found.items()}
    content.scales |= scales_of(header, found, captions, layout, dataset)
    content.headed_units |= headed_units(header, found, dataset)
    return found


def _joined_header(top: list[list[str]], layout: Layout) -> list[str]:
    """The header of a list, a cell for each column; what stands in several rows is joined."""
    rows = [top[number - 1] for number in layout.header_rows]
    return [
        "\n".join(text for text in texts if text.strip(BLANKS)).lstrip("\ufeff")
        for texts in zip_longest(*rows, fillvalue="")
    ]


def _say_widths(cell: Cell, found: int, expected: int) -> None:
    cell.fault_detail = f"{found} cells, the header has {expected}"
    cell.fault_detail_zh = f"{found} 个单元格，表头有 {expected} 个"


def _bare(header: list[str]) -> list[int]:
    """The columns without a heading, which should hold nothing."""
    return [n for n, text in enumerate(header, start=1) if not text.strip(BLANKS)]


def _refuse_bare(batch: pa.RecordBatch, header: list[str], layout: Layout) -> None:
    """Raise Unreadable if a text holds something under no heading, which nobody would read."""
    import pyarrow.compute as pc

    for number in _bare(header):
        if number in layout.ignore_columns:
            continue
        if pc.any(pc.not_equal(pc.utf8_trim_whitespace(batch.column(number - 1)), "")).as_py():
            cell = Cell(0, number, "", "")
            _say_bare(cell, number)
            raise Unreadable("column_unknown", cell.fault_detail, cell.fault_detail_zh)


def _say_bare(cell: Cell, column: int) -> None:
    cell.fault_detail = f"column {column_letters(column)} has no heading"
    cell.fault_detail_zh = f"{column_letters(column)} 列没有表头"


def _row_numbers(first: int, good: int, count: int, bad_rows: list[int]) -> pa.Array:
    """Where the next `count` good rows stand, after `good` of them and among the bad ones."""
    import numpy as np
    import pyarrow as pa

    ordinals = np.arange(good, good + count)
    good_before_bad = np.asarray(bad_rows, dtype=np.int64) - first - np.arange(len(bad_rows))
    bad_before = np.searchsorted(good_before_bad, ordinals, side="right")
    return pa.array(first + ordinals + bad_before)


def _record_batch(
    columns: list[pa.Array],
    sheet_name: str,
    row_numbers: pa.Array,
    found: dict[str, int],
    dataset: Dataset,
    layout: Layout,
) -> pa.RecordBatch:
    """The dataset's columns of a batch, those that the file or the sidecar gives."""
    import pyarrow as pa

    count = len(row_numbers)
    arrays = {"sheet_name": pa.repeat(sheet_name, count), "row_number": row_numbers}
    for column in dataset.columns:
        if column.name in found:
            arrays[column.name] = columns[found[column.name] - 1]
        elif column.name in layout.field_values:
            arrays[column.name] = pa.repeat(layout.field_values[column.name], count)
    return pa.RecordBatch.from_arrays(list(arrays.values()), list(arrays))


def _sheet_records(
    sheet: Sheet, layout: Layout, dataset: Dataset, content: FileContent
) -> Iterator[pa.RecordBatch | Cell]:
    """The rows of a workbook, page or JSON list, in batches."""
    import pyarrow as pa

    header_row = max(layout.header_rows)
    top = list(islice(sheet.rows, layout.data_starts - 1))
    if len(top) < header_row:
        raise _no_header(len(top), header_row)
    header = _joined_header(top, layout)
    found = _match(header, top, layout, dataset, content)
    names = {number: name for name, number in found.items()}
    bare = [n for n in _bare(header) if n not in layout.ignore_columns]
    merged = _MergedCells(sheet, found, dataset, layout.data_starts)
    numbers: list[int] = []
    rows: list[list[str]] = []

    def batch() -> pa.RecordBatch:
        columns = [pa.array([row[c] for row in rows], pa.string()) for c in range(len(header))]
        places = pa.array(numbers, pa.int64())
        made = _record_batch(columns, sheet.name, places, found, dataset, layout)
        numbers.clear()
        rows.clear()
        return made

    for number, row in enumerate(sheet.rows, start=layout.data_starts):
        if not any(text.strip(BLANKS) for text in row):
            continue
        if layout.last_data_row is not None and number > layout.last_data_row:
            rule = "row_outside_layout"
            yield Cell(number, 0, "", "\t".join(row), sheet_name=sheet.name, fault=rule)
            continue
        faults = [(c, sheet.faults[number, c]) for c in names if (number, c) in sheet.faults]
        faults += merged.read(number, row)
        if faults:
            column, (rule, text) = faults[0]
            cell = Cell(number, column, names[column], "\t".join(row), sheet_name=sheet.name)
            cell.fault, cell.fault_detail = rule, text
            yield cell
            continue
        if any(text.strip(BLANKS) for text in row[len(header) :]):
            cell = Cell(number, 0, "", "\t".join(row), sheet_name=sheet.name)
            cell.fault = "row_ragged"
            _say_widths(cell, len(row), len(header))
            yield cell
            continue
        if stray := [c for c in bare if text_at(row, c).strip(BLANKS)]:
            cell = Cell(number, stray[0], "", "\t".join(row), sheet_name=sheet.name)
            cell.fault = "row_ragged"
            _say_bare(cell, stray[0])
            yield cell
            continue
        numbers.append(number)
        rows.append(row + [""] * (len(header) - len(row)))
        if len(rows) == BLOCK_ROWS:
            yield batch()
    yield batch()


class _MergedCells:
    """What merged cells of a list say: a label stands in each of its rows, a figure in none.

    Which of several rows or columns a figure is of, or how it is shared, nobody can tell.
    """

    def __init__(
        self, sheet: Sheet, found: dict[str, int], dataset: Dataset, first_row: int
    ) -> None:
        self.sheet = sheet
        columns = {column.name: column for column in dataset.columns}
        self.amounts = sorted(n for name, n in found.items() if columns[name].is_measure)
        self.labels = sorted({*found.values()} - {*self.amounts})
        self.joint = {
            place[:2]: f"{cell_name(*place[:2])}:{cell_name(*place[2:])}"
            for place in sheet.merged
            if place[2] >= first_row and place[:2] != place[2:]
        }
        self.texts: dict[tuple[int, int], str] = {}

    def read(self, number: int, row: list[str]) -> list[tuple[int, tuple[str, str]]]:
        """Fill in the labels of a row from above; the columns whose figure is a joint one."""
        if not self.joint:
            return []
        faults = []
        for column in (*self.labels, *self.amounts):
            place = self.sheet.origin(number, column)
            if place not in self.joint:
                continue
            if place == (number, column):
                self.texts[place] = text_at(row, column)
            text = self.texts.get(place, "")
            if column in self.labels and place[1] == column:
                row += [""] * (column - len(row))
                row[column - 1] = text
            elif place[1] in self.amounts and text.strip(BLANKS):
                faults.append((column, ("value_merged", self.joint[place])))
        return faults
