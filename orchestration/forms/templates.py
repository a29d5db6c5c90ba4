"""Return forms: an empty CSV and an Excel workbook for each dataset of kind `records`.

Both are made from `catalog/dataset_columns.csv` and the code tables, so that the form, the guide in
it and the checks of the landing cannot differ. The same catalogue gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from orchestration.errors import GreenparkError
from orchestration.forms.form_sheets import (
    CODE_HEADING,
    CODE_SHEET,
    FORM_SHEET,
    GUIDE_SHEET,
    REQUEST_HEADING,
    REQUEST_SHEET,
)
from orchestration.landing.map.catalogue import (
    CODE_TABLES,
    Column,
    Dataset,
    code_rows,
    dataset_columns,
    read_datasets,
    read_rows,
)
from orchestration.serving.output import is_formula

LAST_ROW = 1_048_576  # of an Excel sheet: validations reach to its end
FIRST_YEAR, LAST_YEAR = 1900, 2099  # the years the landing takes
LOWEST_NUMBER = "-1E+99"  # a bound that only says "a number"
TEXT_FORMAT = "@"  # keeps 06 and the leading zeros of ids
WRITTEN_AT = datetime(2000, 1, 1)  # not the clock: see the module's docstring
PACKED_AT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say

REQUIRED_FILL = PatternFill("solid", fgColor="FFD966")
OPTIONAL_FILL = PatternFill("solid", fgColor="E7E6E6")
HEADER_FONT = Font(bold=True)
HEADER_ALIGNMENT = Alignment(wrap_text=True, vertical="center", horizontal="center")
THIN_BORDER = Border(*[Side(style="thin", color="A6A6A6")] * 4)

TYPE_LABELS = {
    "text": "文本 text",
    "integer": "整数 whole number",
    "number": "数值 number",
    "boolean": "是否 true or false",
    "year": "年份 year",
    "month": "月份 month",
    "date": "日期 day",
}
YES, NO = "是 yes", "否 no"
HOW_TO_FILL = (
    "一行填一条记录；不要改动“填报”表的首行。"
    " One record per row; leave the first row of the sheet 填报 as it is.",
    "黄色列必填。没有数据的留空，确实为零的填0。"
    " Yellow columns are required. Leave empty what is not known; 0 means zero.",
    "键列合起来不得重复。 The key columns together say what a row is about: no two rows alike.",
    "代码列填代码或其中文、英文名称，见“代码”表。"
    " Columns with a list take the code or its name in either language, as on sheet 代码.",
)


@dataclass(frozen=True)
class CodeEntry:
    """One code of a list, with what it means. A description may be empty."""

    code: str
    label_zh: str
    label_en: str
    description_zh: str = ""
    description_en: str = ""


@dataclass(frozen=True)
class Filling:
    """What stands in a form when it is handed out: rows by column, and what they lack.

    `asked` are pairs of the number of a row and a column; `requests` are lines of a sheet that says
    who is asked for what.
    """

    rows: Sequence[dict[str, str]] = ()
    asked: frozenset[tuple[int, str]] = frozenset()
    requests: Sequence[Sequence[object]] = ()


EMPTY = Filling()


def forms() -> dict[str, Dataset]:
    """The datasets that have a form, by name: those of kind `records` with columns."""
    return {
        name: dataset
        for name, dataset in read_datasets().items()
        if dataset.kind == "records" and dataset.columns
    }


def form_of(name: str) -> Dataset:
    """The dataset of that name. Raises GreenparkError, with the known names, if it has no form."""
    known = forms()
    if name not in known:
        raise GreenparkError(
            f"no form for a dataset {name}",
            f"name one of {', '.join(sorted(known))}",
        )
    return known[name]


def write_blank(datasets: Sequence[Dataset], folder: Path, force: bool = False) -> list[Path]:
    """Write DATASET.csv and DATASET.xlsx to `folder`, made if missing; return their paths.

    Raises GreenparkError when one of them exists and `force` is not given, before anything is
    written, and when the folder cannot be written.
    """
    contents = {}
    for dataset in datasets:
        contents[folder / f"{dataset.name}.csv"] = csv_form(dataset)
        contents[folder / f"{dataset.name}.xlsx"] = xlsx_form(dataset)
    return write_files(folder, contents, force)


def write_files(folder: Path, contents: dict[Path, bytes], force: bool) -> list[Path]:
    """Write the files, all or none of them; return their paths. Raises GreenparkError."""
    existing = [str(path) for path in contents if path.exists()]
    if existing and not force:
        raise GreenparkError(
            f"{', '.join(existing)} is there already",
            "name another folder with --output, or replace it with --force",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            path.write_bytes(content)
    except OSError as error:
        raise GreenparkError(
            f"cannot write to {folder}: {error.strerror or error}",
            "name a folder you may write to with --output, and close the form in Excel",
        ) from error
    return list(contents)


def csv_form(dataset: Dataset, filling: Filling = EMPTY) -> bytes:
    """The header row and what is filled in, in UTF-8 with a byte order mark: Excel needs it.

    A heading is `label_zh label_en`, on one line.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(f"{column.label_zh} {column.label_en}" for column in dataset.columns)
    for row in filling.rows:
        held = [row.get(column.name, "") for column in dataset.columns]
        # What one office returned is sent to others, and Excel computes what looks like a formula.
        writer.writerow([f"'{text}" if is_formula(text) else text for text in held])
    return text.getvalue().encode("utf-8-sig")


def xlsx_form(dataset: Dataset, filling: Filling = EMPTY) -> bytes:
    """The workbook: a sheet to fill in, a guide to its columns, and the code lists they take."""
    workbook = Workbook()
    workbook.properties.creator = "greenpark"
    workbook.properties.title = dataset.label_zh
    workbook.properties.created = workbook.properties.modified = WRITTEN_AT
    form = workbook.active
    form.title = FORM_SHEET
    guide = workbook.create_sheet(GUIDE_SHEET)
    ranges = _fill_codes(workbook.create_sheet(CODE_SHEET), dataset)
    _fill_form(form, dataset, ranges)
    _fill_guide(guide, dataset)
    _fill_rows(form, dataset, filling)
    if filling.requests:
        _fill_requests(workbook.create_sheet(REQUEST_SHEET), filling.requests)
    return _packed(workbook)


def code_entries(code_list: str) -> list[CodeEntry]:
    """The entries a form offers for a list, in the order of its table; no aggregates.

    Of the unit labels, only those that an energy quantity can have.
    """
    if code_list == "unit_labels":
        fuel_units = {row["unit"] for row in read_rows(CODE_TABLES["fuels"][0])}
        return [
            CodeEntry(
                row["unit_label"], row["unit_label"], f"{row['to_unit_factor']} {row['unit']}"
            )
            for row in read_rows(CODE_TABLES["unit_labels"][0])
            if row["unit"] in fuel_units
        ]
    rows, code_column = code_rows(code_list)
    if code_list in CODE_TABLES:
        return [
            CodeEntry(row[code_column], row["name_zh"], row["name_en"])
            for row in rows
            if row.get("level") != "aggregate"
        ]
    return [
        CodeEntry(
            row["code"],
            row["label_zh"],
            row["label_en"],
            row["description_zh"],
            row["description_en"],
        )
        for row in rows
    ]


# --- the sheets ----------------------------------------------------------------------------------


def _fill_form(sheet: Worksheet, dataset: Dataset, ranges: dict[str, str]) -> None:
    for number, column in enumerate(dataset.columns, start=1):
        cell = sheet.cell(1, number, f"{column.label_zh}\n{column.label_en}")
        _as_header(cell, REQUIRED_FILL if column.is_required else OPTIONAL_FILL)
        cell.comment = Comment(_comment(dataset, column), "greenpark", height=170, width=320)
        letter = get_column_letter(number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = min(max(2 * len(column.label_zh), len(column.label_en)), 30) + 3
        if column.type in ("text", "boolean", "date"):
            dimension.number_format = TEXT_FORMAT
        validation = _validation(column, ranges)
        if validation:
            validation.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(validation)
    sheet.row_dimensions[1].height = 48
    sheet.freeze_panes = "A2"


def _fill_rows(sheet: Worksheet, dataset: Dataset, filling: Filling) -> None:
    """What is held already; what is asked for stands out."""
    for row_number, row in enumerate(filling.rows):
        for number, column in enumerate(dataset.columns, start=1):
            cell = sheet.cell(row_number + 2, number)
            text = row.get(column.name, "")
            if text and column.type in ("integer", "year", "month"):
                cell.value = int(float(text))
            elif text and column.type == "number":
                cell.value = float(text)
            elif text:
                cell.value = text
                cell.data_type = "s"  # also where it looks like a formula
            if (row_number, column.name) in filling.asked:
                cell.fill = REQUIRED_FILL


def _fill_requests(sheet: Worksheet, requests: Sequence[Sequence[object]]) -> None:
    headings = (
        (REQUEST_HEADING, 40),
        ("由谁提供 Owner", 40),
        ("缺失项数 Cells missing", 20),
        ("园区排放下界（吨） CO2 at least (t)", 30),
        ("园区排放上界（吨） CO2 at most (t)", 30),
    )
    for number, (heading, width) in enumerate(headings, start=1):
        _as_header(sheet.cell(1, number, heading), OPTIONAL_FILL)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for line in requests:
        sheet.append(list(line))


def _fill_guide(sheet: Worksheet, dataset: Dataset) -> None:
    sheet.append([f"{dataset.label_zh} {dataset.label_en} ({dataset.name})"])
    sheet["A1"].font = Font(bold=True, size=14)
    for line in HOW_TO_FILL:
        sheet.append([line])
    sheet.append([])
    header_row = sheet.max_row + 2  # the blank row above it has no cell to be counted
    headings = (
        ("列名 Column", 26),
        ("中文标签 Chinese label", 30),
        ("英文标签 English label", 34),
        ("中文含义 Meaning in Chinese", 48),
        ("英文含义 Meaning in English", 48),
        ("类型 Type", 18),
        ("单位 Unit", 12),
        ("必填 Required", 12),
        ("键 Key", 10),
        ("取值 Allowed values", 34),
    )
    for number, (heading, width) in enumerate(headings, start=1):
        _as_header(sheet.cell(header_row, number, heading), OPTIONAL_FILL)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, column in enumerate(dataset.columns, start=header_row + 1):
        values = (
            column.name,
            column.label_zh,
            column.label_en,
            *_descriptions()[dataset.name, column.name],
            TYPE_LABELS[column.type],
            column.unit,
            YES if column.is_required else NO,
            YES if column.is_key else NO,
            _allowed(column),
        )
        for number, value in enumerate(values, start=1):
            cell = sheet.cell(row, number, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = THIN_BORDER


def _fill_codes(sheet: Worksheet, dataset: Dataset) -> dict[str, str]:
    """Write the lists one below the other; return the range of the codes of each list."""
    headings = (
        (CODE_HEADING, 24),
        ("代码 Code", 24),
        ("中文名称 Chinese name", 34),
        ("英文名称 English name", 44),
        ("说明", 40),
        ("Description", 40),
    )
    for number, (heading, width) in enumerate(headings, start=1):
        _as_header(sheet.cell(1, number, heading), OPTIONAL_FILL)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    ranges, row = {}, 2
    for code_list in dict.fromkeys(c.code_list for c in dataset.columns if c.code_list):
        first = row
        for entry in code_entries(code_list):
            values = (
                code_list,
                entry.code,
                entry.label_zh,
                entry.label_en,
                entry.description_zh,
                entry.description_en,
            )
            for number, value in enumerate(values, start=1):
                sheet.cell(row, number, value or None).number_format = TEXT_FORMAT
            row += 1
        ranges[code_list] = f"{quote_sheetname(CODE_SHEET)}!$B${first}:$B${row - 1}"
    return ranges


def _as_header(cell: Any, fill: PatternFill) -> None:
    cell.font, cell.fill, cell.alignment = HEADER_FONT, fill, HEADER_ALIGNMENT
    cell.border = THIN_BORDER


# --- what a column takes -------------------------------------------------------------------------


def _validation(column: Column, ranges: dict[str, str]) -> DataValidation | None:
    """The check Excel makes of an entry; None for free text."""
    if column.code_list:
        validation = DataValidation(type="list", formula1=ranges[column.code_list])
    elif column.type in ("text", "date"):
        return None
    else:
        low, high = _bounds(column)
        validation = DataValidation(
            type="decimal" if column.type == "number" else "whole",
            operator="greaterThanOrEqual" if high is None else "between",
            formula1=LOWEST_NUMBER if low is None else low,
            formula2=high,
        )
    validation.allow_blank = True
    validation.showErrorMessage = True
    validation.errorTitle = column.label_zh[:32]  # the most Excel shows
    validation.error = _allowed(column)
    return validation


def _bounds(column: Column) -> tuple[str | None, str | None]:
    """The smallest and the largest value, as the catalogue writes them; None for no bound."""
    if column.type == "year":
        return str(FIRST_YEAR), str(LAST_YEAR)
    if column.type == "month":
        return "1", "12"
    return "0" if column.is_non_negative else None, _thresholds().get(column.maximum_threshold_id)


def _allowed(column: Column) -> str:
    """What may stand in a column, in words and signs of both languages."""
    if column.code_list:
        return f"见“{CODE_SHEET}”表 see sheet {CODE_SHEET}: {column.code_list}"
    if column.type == "text":
        return ""
    if column.type == "date":
        return f"{TYPE_LABELS[column.type]}, 2024-05-06"
    low, high = _bounds(column)
    if low is not None and high is not None:
        return f"{TYPE_LABELS[column.type]}, {low}–{high}"
    if low is not None:
        return f"{TYPE_LABELS[column.type]}, ≥ {low}"
    return TYPE_LABELS[column.type] + (f", ≤ {high}" if high is not None else "")


def _comment(dataset: Dataset, column: Column) -> str:
    lines = [
        *_descriptions()[dataset.name, column.name],
        f"列名 Column: {column.name}",
        f"类型 Type: {TYPE_LABELS[column.type]}",
        f"单位 Unit: {column.unit}" if column.unit else "",
        f"取值 Allowed: {_allowed(column)}" if _allowed(column) else "",
        f"必填 Required: {YES if column.is_required else NO}",
    ]
    return "\n".join(line for line in lines if line)


@cache
def _descriptions() -> dict[tuple[str, str], tuple[str, str]]:
    """Dataset and column -> meaning in Chinese and in English."""
    return {
        (row["dataset"], row["column_name"]): (row["description_zh"], row["description_en"])
        for row in dataset_columns()
    }


@cache
def _thresholds() -> dict[str, str]:
    return {row["threshold_id"]: row["value"] for row in read_rows("thresholds/thresholds.csv")}


# --- bytes ---------------------------------------------------------------------------------------


def _packed(workbook: Workbook) -> bytes:
    """The workbook as a file. `Workbook.save` would write the time of day into it, and so would a
    zip made in the ordinary way; both are fixed here."""
    draft, packed = io.BytesIO(), io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(draft, "w")).save()
    with (
        zipfile.ZipFile(draft) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, PACKED_AT)
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
