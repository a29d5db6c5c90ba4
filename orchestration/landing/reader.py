"""Read one raw file by its sidecar: cells of a matrix, or batches of records, all of it text."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import Note
from orchestration.landing.catalogue import Dataset, Vocabulary
from orchestration.landing.form_sheets import is_of_form
from orchestration.landing.formats import (
    GAPS,
    SUFFIXES,
    WHITESPACE,
    WORKBOOKS,
    Sheet,
    Unreadable,
    detect_format,
    open_sheets,
)
from orchestration.landing.list_units import headed_units, scales_of
from orchestration.landing.mapping import BLANKS, Cell, map_matrix, match_columns
from orchestration.landing.sheet import undecodable
from orchestration.landing.sidecar import (
    Layout,
    Sidecar,
    SidecarError,
    find_sidecar,
    read_sidecar,
)
from orchestration.landing.workbooks import hidden_text

if TYPE_CHECKING:
    import pyarrow as pa

SKIPPED_FOLDERS = {"reference", "methods"}
SIDECAR = ".yml"
CHUNK_BYTES = 1 << 20
CORRECTIONS = "corrections.csv"  # of a data folder's own, at its top
BLOCK_BYTES = 16 << 20


@dataclass(frozen=True)
class RawFile:
    """A file found below a data root; `name` is its path as the warehouse knows it."""

    path: Path
    name: str
    root_rank: int
    fault: str = ""  # why it is refused unread


@dataclass
class FileContent:
    """An opened file: what its sidecar says, or the fault that refuses it whole.

    `captions` and what follows fill while the cells are read.
    """

    file: RawFile
    sha256: str
    bytes_read: int
    sidecar: Sidecar | None = None
    fault: str = ""
    fault_detail: str = ""
    fault_detail_zh: str = ""
    captions: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    # of a list: what the figures of a column are multiplied by, and units of headings beside a
    # unit column
    scales: dict[str, float] = field(default_factory=dict)
    headed_units: dict[str, str] = field(default_factory=dict)

    def refuse(self, rule: str, detail: str = "", detail_zh: str = "") -> None:
        """Refuse the file whole."""
        self.fault, self.fault_detail = rule, detail
        self.fault_detail_zh = detail_zh or detail


def find_files(roots: list[Path]) -> list[RawFile]:
    """All files below the data roots, in a fixed order; sidecars belong to their files.

    A file of a later root takes the place of the file of the same name in an earlier one. What is
    of a kind that is not read, and a sidecar of nothing, is a file too: it must not vanish.
    """
    found: dict[str, RawFile] = {}
    for rank, root in enumerate(roots):
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            parts = path.relative_to(root).parts
            if parts[0] in SKIPPED_FOLDERS or parts == (CORRECTIONS,) or _is_no_data(path):
                continue
            if path.suffix.lower() == SIDECAR:
                if described_by(path):
                    continue
                fault = "sidecar_without_file"
            else:
                fault = "" if path.suffix.lower() in SUFFIXES else "file_kind_unread"
            name = "/".join(parts[1:] if parts[0] == "raw" else parts)
            found[name] = RawFile(path, name, rank, fault)
    return [found[name] for name in sorted(found)]


def _is_no_data(path: Path) -> bool:
    """Is it what explains or computes the data, or what programs leave behind?"""
    return (
        path.name.startswith((".", "~$"))
        or path.suffix.lower() in (".md", ".py", ".pyc")
        or path.stem.casefold() in ("readme", "license", "licence", "notice", "thumbs", "desktop")
    )


def described_by(sidecar: Path) -> Path | None:
    """The file that a sidecar describes; None if it is not there."""
    whole = sidecar.with_suffix("")
    if whole.is_file() and whole.suffix:
        return whole
    return next(
        (
            path
            for path in sorted(sidecar.parent.glob(f"{glob.escape(sidecar.stem)}.*"))
            if path.is_file() and path.stem == sidecar.stem and path.suffix.lower() != SIDECAR
        ),
        None,
    )


def open_file(file: RawFile) -> FileContent:
    """Read the sidecar of a file and check that it is the file described. Never raises for it."""
    digest = hashlib.sha256()
    with file.path.open("rb") as handle:
        while chunk := handle.read(CHUNK_BYTES):
            digest.update(chunk)
    content = FileContent(file, digest.hexdigest(), file.path.stat().st_size)
    if file.fault:
        content.refuse(file.fault, file.path.suffix.lower() or file.path.name)
        return content
    sidecar_path = find_sidecar(file.path)
    if sidecar_path is None:
        content.refuse("sidecar_missing", file.path.name + ".yml")
        return content
    try:
        content.sidecar = read_sidecar(sidecar_path)
    except SidecarError as error:
        content.refuse("sidecar_invalid", str(error), error.in_chinese)
        return content
    if content.sha256 != content.sidecar.sha256:
        stated = content.sidecar.sha256
        detail_zh = f"{content.sha256} 而非 {stated}"
        content.refuse("file_hash_changed", f"{content.sha256} is not {stated}", detail_zh)
    return content


def refused_lines(content: FileContent) -> Iterator[Cell]:
    """Every line of a refused file as it stands, so that nothing is lost; a workbook as one."""
    encoding = content.sidecar.encoding if content.sidecar else "utf-8"
    if content.file.fault or not _has_lines(content.file.path):
        yield Cell(1, 0, "", f"{content.bytes_read} bytes, sha256 {content.sha256}")
        return
    count = 0
    with content.file.path.open(encoding=encoding, errors="backslashreplace", newline="") as lines:
        try:
            for count, line in enumerate(lines, start=1):
                yield Cell(count, 0, "", line.rstrip("\r\n"))
        except UnicodeError:  # UTF-16 without its mark, or cut in half, has no more lines
            pass
    if not count:
        yield Cell(1, 0, "", "")


def _has_lines(path: Path) -> bool:
    """Is this a file whose lines a person could read?"""
    try:
        return detect_format(path) not in WORKBOOKS
    except Unreadable:
        return path.stat().st_size == 0


def read_cells(content: FileContent, vocabulary: Vocabulary) -> Iterator[Cell]:
    """The cells of a matrix. Raises Unreadable, possibly after cells were given."""
    layout = content.sidecar.layout
    sector_item = vocabulary.sector_items.get(content.sidecar.dataset, "")
    sheets = open_sheets(content.file.path, content.sidecar.encoding, layout)
    wanted = parts_by_sheet(sheets, layout)
    for sheet in sheets:
        if sheet.name in wanted:
            content.notes += sheet_notes(sheet)
            yield from map_matrix(
                sheet, wanted[sheet.name], vocabulary, content.captions, sector_item
            )
        else:
            yield from _unread_rows(sheet, layout)


def read_records(content: FileContent, dataset: Dataset) -> Iterator[pa.RecordBatch | Cell]:
    """The rows of a list: batches of `row_number` and the dataset's columns, all text.

    A row that is not one of the list comes as a refused cell. Raises Unreadable.
    """
    layout = content.sidecar.layout
    if detect_format(content.file.path) == "csv" and layout.delimiter not in (WHITESPACE, GAPS):
        if layout.blocks:
            detail = "a list as text has no blocks"
            raise Unreadable("layout_mismatch", detail, "文本清单不能有 blocks")
        yield from _stream_records(content, dataset)
        return
    sheets = open_sheets(content.file.path, content.sidecar.encoding, layout)
    wanted = parts_by_sheet(sheets, layout)
    for sheet in sheets:
        if sheet.name not in wanted:
            top = next(sheet.rows, [])
            if not is_of_form(sheet.name, top, dataset.name):
                sheet.rows = chain([top], sheet.rows)
                yield from _unread_rows(sheet, layout)
            continue
        if len(wanted[sheet.name]) > 1:
            detail = f"a list has one part in a sheet: {sheet.name}"
            detail_zh = f"清单在一个工作表中只有一部分：{sheet.name}"
            raise Unreadable("layout_mismatch", detail, detail_zh)
        content.notes += sheet_notes(sheet)
        for part in wanted[sheet.name]:
            yield from _sheet_records(sheet, part, dataset, content)


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


def _unread_rows(sheet: Sheet, layout: Layout) -> Iterator[Cell]:
    """The rows of a sheet nobody described; a page's other tables are its furniture."""
    if sheet.name in layout.ignore_sheets or sheet.size:
        return
    rule = "sheet_hidden" if sheet.is_hidden else "sheet_unread"
    for number, row in enumerate(sheet.rows, start=1):
        if any(text.strip(BLANKS) for text in row):
            yield Cell(number, 0, "", "\t".join(row), sheet_name=sheet.name, fault=rule)


def _no_header(rows: int, header_row: int) -> Unreadable:
    return Unreadable(
        "layout_mismatch",
        f"{rows} rows, the header is in {header_row}",
        f"只有 {rows} 行，表头在第 {header_row} 行",
    )


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


def _stream_records(content: FileContent, dataset: Dataset) -> Iterator[pa.RecordBatch | Cell]:
    """A text file of any length, in blocks."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    sidecar, layout = content.sidecar, content.sidecar.layout
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
    """The dataset's columns of a batch; what the file leaves out is the sidecar's word or null."""
    import pyarrow as pa

    count = len(row_numbers)
    arrays = [pa.repeat(sheet_name, count), row_numbers]
    for column in dataset.columns:
        if column.name in found:
            arrays.append(columns[found[column.name] - 1])
        else:
            value = layout.field_values.get(column.name)
            blank = pa.nulls(count, pa.string())
            arrays.append(blank if value is None else pa.repeat(value, count))
    names = ["sheet_name", "row_number", *(column.name for column in dataset.columns)]
    return pa.RecordBatch.from_arrays(arrays, names)


def _sheet_records(
    sheet: Sheet, layout: Layout, dataset: Dataset, content: FileContent
) -> Iterator[pa.RecordBatch | Cell]:
    """The rows of a workbook, page or JSON list, which are in memory already."""
    import pyarrow as pa

    header_row = max(layout.header_rows)
    top = list(islice(sheet.rows, layout.data_starts - 1))
    if len(top) < header_row:
        raise _no_header(len(top), header_row)
    header = _joined_header(top, layout)
    found = _match(header, top, layout, dataset, content)
    names = {number: name for name, number in found.items()}
    numbers, rows = [], []
    for number, row in enumerate(sheet.rows, start=layout.data_starts):
        if not any(text.strip(BLANKS) for text in row):
            continue
        if layout.last_data_row is not None and number > layout.last_data_row:
            rule = "row_outside_layout"
            yield Cell(number, 0, "", "\t".join(row), sheet_name=sheet.name, fault=rule)
            continue
        faults = [(c, sheet.faults[number, c]) for c in names if (number, c) in sheet.faults]
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
        numbers.append(number)
        rows.append(row + [""] * (len(header) - len(row)))
    columns = [pa.array([row[c] for row in rows], pa.string()) for c in range(len(header))]
    yield _record_batch(columns, sheet.name, pa.array(numbers, pa.int64()), found, dataset, layout)
