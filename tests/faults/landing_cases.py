"""The corpus: what went wrong in an office, and the verdict each row has to get.

A case takes a sound table, does one thing to it, and says which places are to be refused and by
which rule; every other place has to be accepted. Beside the faulty file lie sound editions of the
same table where a rule compares (`peers`), and its twin: the same table, elsewhere, untouched.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml
from landing_tables import (
    ENERGY,
    FACTS,
    FUELS,
    PROVINCES,
    Place,
    Table,
    balance,
    captioned_balance,
    captioned_energy,
    captioned_product,
    certificates,
    chinese,
    city_electricity,
    energy_in_words,
    enterprise_energy,
    enterprises,
    enterprises_in_words,
    exchange,
    fuel_use,
    park_facts,
    regional_product,
    years_in_words,
)

# Where a verdict falls: "file" (every value), "lines" (every line of a file that is not read),
# a row, ("column", n), (row, column), ("line", row) for a row that is refused as one text, and
# (sheet, row) for a row of a sheet that nobody described.
Where = str | int | tuple[Any, ...]
Fault = Callable[[Table, Place], None]


@dataclass(frozen=True)
class Case:
    """One faulty file."""

    id: str
    story: str
    base: Callable[..., Table]
    fault: Fault
    verdicts: dict[Where, str]
    kind: str = "csv"
    encoding: str = "utf-8"
    edition: int = 0
    peers: tuple[int, ...] = ()
    damage: Callable[[bytes], bytes] = lambda data: data
    file_name: str = "table"
    sidecar: Callable[[dict[str, Any]], dict[str, Any] | str | None] = lambda sidecar: sidecar
    # what the message has to say beside place, rule and remedy
    says: tuple[str, ...] = ()
    # a second file: (name, table), sound, landed with the first
    companions: Callable[[Place], list[tuple[str, Table]]] = field(default=lambda place: [])
    # whether the twin has the second file too
    twin_has_companions: bool = False


def nothing(table: Table, place: Place) -> None:
    """The table is sound; what is wrong lies around it."""


def put(row: int, column: int, text: str) -> Fault:
    return lambda table, place: table.put(row, column, text)


def scale(row: int, column: int, factor: str) -> Fault:
    return lambda table, place: table.scale(row, column, factor)


def scale_column(column: int, factor: str) -> Fault:
    def fault(table: Table, place: Place) -> None:
        for row in range(table.data_starts, len(table.rows) + 1):
            table.scale(row, column, factor)

    return fault


def scale_row(row: int, factor: str) -> Fault:
    def fault(table: Table, place: Place) -> None:
        for column in table.value_columns:
            table.scale(row, column, factor)

    return fault


def scale_all(factor: str) -> Fault:
    def fault(table: Table, place: Place) -> None:
        for row in range(table.data_starts, len(table.rows) + 1):
            scale_row(row, factor)(table, place)

    return fault


def insert_row(row: int, *cells: str) -> Fault:
    return lambda table, place: table.rows.insert(row - 1, list(cells))


def append(*cells: str) -> Fault:
    return lambda table, place: table.rows.append(list(cells))


def repeat_row(row: int) -> Fault:
    return lambda table, place: table.rows.append(list(table.rows[row - 1]))


def lose_last_cell(row: int) -> Fault:
    return lambda table, place: table.rows[row - 1].__delitem__(-1)


def cut_rows(count: int) -> Fault:
    def fault(table: Table, place: Place) -> None:
        del table.rows[-count:]

    return fault


def merge(places: str) -> Callable[[bytes], bytes]:
    """Damage to a workbook: cells are merged, and only the first of them keeps what it holds."""

    def damage(data: bytes) -> bytes:
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(data))
        book.worksheets[0].merge_cells(places)
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    return damage


def lose_row_of_figures(row: int) -> Fault:
    """The figures of a row are lost and those below move up; the labels stay."""

    def fault(table: Table, place: Place) -> None:
        for n in range(row, len(table.rows)):
            table.rows[n - 1][1:] = table.rows[n][1:]
        table.rows.pop()

    return fault


def double_row_of_figures(row: int, last: int) -> Fault:
    """The figures of a row are keyed twice and those below move down, to row `last`."""

    def fault(table: Table, place: Place) -> None:
        for n in range(last, row, -1):
            table.rows[n - 1][1:] = table.rows[n - 2][1:]

    return fault


def lose_column_of_figures(column: int) -> Fault:
    """The figures of a column are lost and those to the right move left; the header stays."""

    def fault(table: Table, place: Place) -> None:
        for row in table.rows[table.data_starts - 1 :]:
            row[column - 1 :] = [*row[column:], ""]

    return fault


def show(row: int, column: int, code: str, printed: str = "") -> Fault:
    """Give a cell a number format, and an .ods what that prints."""

    def fault(table: Table, place: Place) -> None:
        table.formats[row, column] = code
        table.printed[row, column] = printed

    return fault


def sheet(name: str, is_hidden: bool, *rows: list[str]) -> Fault:
    return lambda table, place: table.other_sheets.append((name, is_hidden, list(rows)))


def layout(**keys: Any) -> Fault:
    return lambda table, place: table.layout.update(keys)


def several(*faults: Fault) -> Fault:
    def fault(table: Table, place: Place) -> None:
        for one in faults:
            one(table, place)

    return fault


def in_chinese(table: Table, place: Place) -> None:
    """The office changed to Chinese labels."""
    table.rows = chinese(table).rows


def without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda sidecar: {name: value for name, value in sidecar.items() if name != key}


def fact(name: str) -> int:
    return FACTS.index(name) + 1


def used(name: str) -> int:
    return ENERGY.index(name) + 1


def add_column(name: str, text: str) -> Fault:
    def fault(table: Table, place: Place) -> None:
        for number, row in enumerate(table.rows):
            row.append(name if number == 0 else text)

    return fault


def rename_column(old: str, new: str) -> Fault:
    def fault(table: Table, place: Place) -> None:
        table.rows[0][table.rows[0].index(old)] = new

    return fault


def drop_column(name: str) -> Fault:
    def fault(table: Table, place: Place) -> None:
        column = table.rows[0].index(name)
        for row in table.rows:
            del row[column]

    return fault


def return_of_the_park(place: Place) -> list[tuple[str, Table]]:
    """What the park itself says it used."""
    return [("park.csv", park_facts(place))]


def national(edition: int) -> Callable[[Place], list[tuple[str, Table]]]:
    """The national table of a year that no other case has a table of."""
    return lambda place: [
        ("national.csv", balance(place, edition, region="100000", factor=30)),
    ]


def national_figures(edition: int, factor: str) -> Fault:
    def fault(table: Table, place: Place) -> None:
        table.rows = national(edition)(place)[0][1].rows
        scale_all(factor)(table, place)

    return fault


LABELS = [
    Case(
        "label_misspelt",
        "a clerk keyed 原媒 for 原煤",
        fuel_use,
        put(2, 1, "原媒"),
        {2: "label_unknown"},
        says=("nearest known: 原煤",),
    ),
    Case(
        "label_misspelt_gb18030",
        "the same from a program of the nineties",
        fuel_use,
        put(5, 1, "汽沺"),
        {5: "label_unknown"},
        encoding="gb18030",
    ),
    Case(
        "label_new_fuel_tsv",
        "a yearbook prints a fuel nobody has a code for",
        fuel_use,
        append("氨燃料", "万吨", "1", "2", "3", "4", "5"),
        {12: "label_unknown"},
        kind="tsv",
    ),
    Case(
        "label_of_a_column_xls",
        "the heading of one fuel was mistyped, and the total no longer adds up across it",
        regional_product,
        put(1, 3, "第一产叶"),
        {("column", 3): "label_unknown"},
        kind="xls",
        says=("nearest known: 第一产业",),
    ),
    Case(
        "label_misspelt_html",
        "a web page with a label cut in half",
        fuel_use,
        put(4, 1, "焦"),
        {4: "label_unknown"},
        kind="html",
    ),
    Case(
        "label_misspelt_json",
        "an interface that renamed a label",
        fuel_use,
        put(3, 1, "洗精煤*新"),
        {3: "label_unknown"},
        kind="json",
    ),
    Case(
        "label_misspelt_whitespace",
        "a table copied out of a PDF",
        fuel_use,
        put(7, 1, "柴油机"),
        {7: "label_unknown"},
        kind="whitespace",
    ),
    Case(
        "label_misspelt_encrypted",
        "an office's protected workbook",
        fuel_use,
        put(8, 1, "然料油"),
        {8: "label_unknown"},
        kind="encrypted",
    ),
    Case(
        "city_unknown_utf16",
        "a city that is not of the province",
        fuel_use,
        put(3, 1, "徐洲市"),
        {3: "label_unknown"},
        encoding="utf-16",
    ),
    Case(
        "year_with_the_letter_o",
        "2O13 with the letter O in the header",
        fuel_use,
        lambda table, place: table.put(1, 4, table.at(1, 4).replace("0", "O").replace("1", "l")),
        {("column", 4): "year_invalid"},
    ),
    Case(
        "year_of_two_digits_xlsx",
        "the year as two digits",
        fuel_use,
        lambda table, place: table.put(1, 5, table.at(1, 5)[2:]),
        {("column", 5): "year_invalid"},
        kind="xlsx",
    ),
    Case(
        "year_is_a_date_bar",
        "a spreadsheet turned a year into a date",
        regional_product,
        lambda table, place: table.put(3, 1, table.at(3, 1) + "-12-31"),
        {3: "year_invalid"},
        kind="bar",
    ),
    Case(
        "year_to_date_semicolon",
        "part of a year printed below the years",
        regional_product,
        append("2024年1-9月", "9", "1", "3", "5"),
        {7: "year_invalid"},
        kind="semicolon",
    ),
]

UNITS = [
    Case(
        "unit_misspelt",
        "万顿 for 万吨",
        fuel_use,
        put(2, 2, "万顿"),
        {2: "unit_unknown"},
        says=("nearest known: ", "万吨"),
    ),
    Case(
        "unit_blank_xlsx",
        "the unit was left out in one row",
        fuel_use,
        put(6, 2, ""),
        {6: "unit_unknown"},
        kind="xlsx",
    ),
    Case(
        "unit_misspelt_html",
        "千万 for 万吨 on a web page",
        fuel_use,
        put(6, 2, "千万"),
        {6: "unit_unknown"},
        kind="html",
    ),
    Case(
        "unit_of_another_kind",
        "coal in cubic metres",
        fuel_use,
        put(2, 2, "亿立方米"),
        {2: "unit_mismatch"},
        says=("原煤 is kept in t",),
    ),
    Case(
        "unit_of_another_kind_json",
        "electricity in standard coal",
        fuel_use,
        put(11, 2, "万吨标准煤"),
        {11: "unit_mismatch"},
        kind="json",
    ),
    Case(
        "unit_column_swapped",
        "the unit row of two fuels was exchanged, heat with electricity",
        balance,
        several(put(2, 10, "亿千瓦时"), put(2, 11, "万百万千焦")),
        {("column", 10): "unit_mismatch", ("column", 11): "unit_mismatch"},
        kind="xls",
    ),
]

VALUES = [
    Case(
        "value_two_points",
        "1234.5.6",
        fuel_use,
        put(3, 4, "1234.5.6"),
        {(3, 4): "value_not_a_number"},
    ),
    Case("value_about", "约1200", fuel_use, put(3, 5, "约1200"), {(3, 5): "value_not_a_number"}),
    Case(
        "value_of_400_digits",
        "400 digits: no double holds it",
        fuel_use,
        put(4, 4, "9" * 400),
        {(4, 4): "value_not_a_number"},
    ),
    Case(
        "value_beyond_measure",
        "1e-200, whose ratio to another is 0",
        fuel_use,
        put(5, 6, "1e-200"),
        {(5, 6): "value_not_a_number"},
    ),
    Case(
        "value_mark_nobody_declared",
        "a dash the sidecar says nothing of",
        fuel_use,
        put(4, 6, "——"),
        {(4, 6): "value_not_a_number"},
        encoding="utf-8-sig",
    ),
    Case(
        "value_bad_thousands",
        "1,23,456",
        fuel_use,
        put(4, 3, "1,23,456"),
        {(4, 3): "value_not_a_number"},
        kind="tsv",
    ),
    Case(
        "value_unit_in_cell_xlsx",
        "another unit typed after the number",
        fuel_use,
        put(9, 4, "35.2吨"),
        {(9, 4): "value_not_a_number"},
        kind="xlsx",
    ),
    Case(
        "value_letter_o_xls",
        "12O with the letter O",
        fuel_use,
        put(9, 5, "12O"),
        {(9, 5): "value_not_a_number"},
        kind="xls",
    ),
    Case(
        "value_word_html",
        "暂无 on a web page",
        fuel_use,
        put(10, 7, "暂无"),
        {(10, 7): "value_not_a_number"},
        kind="html_as_xls",
    ),
    Case(
        "value_na_json",
        "n/a in JSON",
        fuel_use,
        put(10, 6, "n/a"),
        {(10, 6): "value_not_a_number"},
        kind="json",
    ),
    Case(
        "value_range_encrypted",
        "a range in place of a number",
        fuel_use,
        put(10, 5, "100-120"),
        {(10, 5): "value_not_a_number"},
        kind="encrypted",
    ),
    Case(
        "value_word_whitespace",
        "a word among numbers",
        fuel_use,
        put(10, 5, "null"),
        {(10, 5): "value_not_a_number"},
        kind="whitespace",
    ),
    Case(
        "value_nan",
        "the nan of a script",
        fuel_use,
        put(10, 5, "nan"),
        {(10, 5): "value_not_a_number"},
    ),
    Case(
        "value_negative", "a minus sign", fuel_use, put(2, 3, "-25.3"), {(2, 3): "value_negative"}
    ),
    Case(
        "value_negative_full_width",
        "a minus sign in full width",
        fuel_use,
        put(2, 4, "－２５．３"),
        {(2, 4): "value_negative"},
        encoding="gb18030",
    ),
    Case(
        "value_negative_xlsx",
        "a subtraction gone wrong",
        fuel_use,
        put(11, 4, "-0.5"),
        {(11, 4): "value_negative"},
        kind="xlsx",
    ),
    Case(
        "value_negative_html",
        "the true minus sign of a typesetter",
        fuel_use,
        put(11, 5, "−7.25"),
        {(11, 5): "value_negative"},
        kind="html",
    ),
    Case(
        "value_formula_csv",
        "a formula saved as text",
        fuel_use,
        put(3, 7, "=F3*1.03"),
        {(3, 7): "value_is_formula"},
    ),
    Case(
        "value_formula_xlsx",
        "a total that is computed in the sheet",
        balance,
        put(3, 2, "=SUM(B4:B17)"),
        {(3, 2): "value_is_formula"},
        kind="xlsx",
        says=("=SUM(B4:B17)",),
    ),
    Case(
        "value_formulas_xlsx",
        "two growth rates times last year",
        fuel_use,
        several(put(6, 7, "=F6*1.05"), put(7, 7, "=F7*1.05")),
        {(6, 7): "value_is_formula", (7, 7): "value_is_formula"},
        kind="xlsx",
    ),
    Case(
        "value_division_by_zero",
        "#DIV/0! in a CSV",
        fuel_use,
        put(5, 5, "#DIV/0!"),
        {(5, 5): "value_is_error"},
    ),
    Case(
        "value_errors_xlsx",
        "#REF! and #N/A in a workbook",
        fuel_use,
        several(put(5, 5, "#REF!"), put(6, 5, "#N/A")),
        {(5, 5): "value_is_error", (6, 5): "value_is_error"},
        kind="xlsx",
    ),
    Case(
        "value_errors_xls",
        "#DIV/0! and #NAME? in an old workbook",
        fuel_use,
        several(put(5, 5, "#DIV/0!"), put(6, 6, "#NAME?")),
        {(5, 5): "value_is_error", (6, 6): "value_is_error"},
        kind="xls",
    ),
    Case(
        "value_error_encrypted",
        "#VALUE! in a protected workbook",
        fuel_use,
        put(4, 4, "#VALUE!"),
        {(4, 4): "value_is_error"},
        kind="encrypted",
    ),
    Case(
        "value_too_narrow",
        "######## copied from a column too narrow",
        fuel_use,
        put(4, 4, "########"),
        {(4, 4): "value_is_error"},
        kind="tsv",
    ),
]

KEYS = [
    Case(
        "row_copied_below",
        "a row keyed twice",
        fuel_use,
        repeat_row(4),
        {12: "duplicate_key"},
        says=("row 4",),
    ),
    Case(
        "row_in_two_spellings",
        "the same fuel under its Chinese and its English name",
        fuel_use,
        append("Raw coal", "万吨", "1", "2", "3", "4", "5"),
        {12: "duplicate_key"},
        kind="xlsx",
    ),
    Case(
        "row_in_two_languages",
        "the same row of a balance under its English and its Chinese name",
        balance,
        lambda table, place: table.rows.append(["火力发电", *table.rows[18][1:]]),
        {21: "duplicate_key"},
        says=("row 19",),
    ),
    Case(
        "year_printed_twice",
        "the header repeats a year",
        fuel_use,
        lambda table, place: table.put(1, 7, table.at(1, 6)),
        {("column", 7): "duplicate_key"},
        kind="html",
    ),
]

SHAPES = [
    Case(
        "row_lost_a_cell",
        "a cell was deleted and the row moved left",
        fuel_use,
        lambda table, place: table.rows[4].pop(3) and None,
        {5: "row_ragged"},
    ),
    Case(
        "row_with_thousands",
        "1,234.5 without quotes in a CSV",
        fuel_use,
        lambda table, place: table.rows[4].insert(3, "1"),
        {5: "row_ragged"},
        encoding="gb18030",
    ),
    Case(
        "row_with_a_gap_whitespace",
        "a blank inside a number of a text table",
        fuel_use,
        lambda table, place: table.rows[6].insert(4, "4"),
        {7: "row_ragged"},
        kind="whitespace",
    ),
    Case(
        "row_lost_a_cell_bar",
        "a bar too few",
        fuel_use,
        lambda table, place: table.rows[8].pop() and None,
        {9: "row_ragged"},
        kind="bar",
    ),
    Case(
        "rows_below_the_note",
        "rows went on below the note",
        fuel_use,
        several(
            append("注：本表为规模以上工业。", "", "", "", "", "", ""),
            append("天然气", "亿立方米", "1", "2", "3", "4", "5"),
        ),
        {("line", 13): "row_outside_layout", ("none", 12): ""},
    ),
    Case(
        "rows_below_the_last_xlsx",
        "the table grew and the sidecar did not",
        fuel_use,
        several(layout(last_data_row=11), append("天然气", "亿立方米", "1", "2", "3", "4", "5")),
        {("line", 12): "row_outside_layout"},
        kind="xlsx",
    ),
    Case(
        "sheet_hidden",
        "last year's figures in a hidden sheet",
        fuel_use,
        sheet("上年", True, ["原煤", "100"], ["焦炭", "20"]),
        {("上年", 1): "sheet_hidden", ("上年", 2): "sheet_hidden"},
        kind="xlsx",
    ),
    Case(
        "sheet_hidden_xls",
        "a hidden sheet of an old workbook",
        fuel_use,
        sheet("Sheet9", True, ["备注", "勿动"]),
        {("Sheet9", 1): "sheet_hidden"},
        kind="xls",
    ),
    Case(
        "sheet_unread",
        "the table goes on in a second sheet",
        fuel_use,
        sheet("续表", False, ["能源", "2020"], ["煤油", "3"]),
        {("续表", 1): "sheet_unread", ("续表", 2): "sheet_unread"},
        kind="xlsx",
    ),
]

FILES = [
    Case(
        "encoding_is_another",
        "the sidecar says UTF-8, the file is GB18030",
        fuel_use,
        nothing,
        {"lines": "file_undecodable"},
        damage=lambda data: data.decode().encode("gb18030"),
    ),
    Case(
        "encoding_cut_in_half",
        "half a character at the end of a UTF-16 file",
        fuel_use,
        nothing,
        {"lines": "file_undecodable"},
        encoding="utf-16",
        damage=lambda data: data[:-1],
    ),
    Case(
        "encoding_of_a_page",
        "a web page that is not in the encoding it says",
        fuel_use,
        nothing,
        {"lines": "file_undecodable"},
        kind="html",
        damage=lambda data: data.decode().encode("gb18030"),
    ),
    Case(
        "hash_changed",
        "somebody corrected a figure and said nothing",
        fuel_use,
        nothing,
        {"lines": "file_hash_changed"},
        sidecar=lambda sidecar: sidecar | {"sha256": "0" * 64},
    ),
    Case(
        "hash_changed_xls",
        "the same in a workbook",
        fuel_use,
        nothing,
        {"lines": "file_hash_changed"},
        kind="xls",
        sidecar=lambda sidecar: sidecar | {"sha256": "0" * 64},
    ),
    Case(
        "sidecar_missing",
        "a file dropped into the folder",
        fuel_use,
        nothing,
        {"lines": "sidecar_missing"},
        sidecar=lambda sidecar: None,
    ),
    Case(
        "sidecar_without_licence",
        "the sidecar names no licence",
        fuel_use,
        nothing,
        {"lines": "sidecar_invalid"},
        sidecar=without("licence"),
        says=("licence",),
    ),
    Case(
        "sidecar_no_yaml",
        "a sidecar that is no YAML",
        fuel_use,
        nothing,
        {"lines": "sidecar_invalid"},
        kind="xlsx",
        sidecar=lambda sidecar: "dataset: [",
    ),
    Case(
        "dataset_nobody_knows",
        "a dataset of no catalogue",
        fuel_use,
        nothing,
        {"lines": "dataset_unknown"},
        sidecar=lambda sidecar: sidecar | {"dataset": "jiangsu_yearbook_fuel"},
    ),
    Case(
        "layout_of_another_table",
        "the layout has no item",
        fuel_use,
        lambda table, place: table.layout["constants"].pop("item") and None,
        {"lines": "layout_mismatch"},
    ),
    Case(
        "layout_header_too_low",
        "the header is said to be below the end",
        fuel_use,
        layout(header_rows=90, first_data_row=91),
        {"lines": "layout_mismatch"},
    ),
    Case(
        "layout_no_such_sheet",
        "the sidecar names a sheet that is not there",
        fuel_use,
        layout(sheet="表9-5"),
        {"lines": "layout_mismatch"},
        kind="xlsx",
        says=("Sheet1",),
    ),
    Case(
        "layout_points_nowhere_json",
        "the interface moved its rows",
        fuel_use,
        nothing,
        {"lines": "layout_mismatch"},
        kind="json",
        damage=lambda data: data.replace(b'"data"', b'"rows"'),
    ),
    Case(
        "layout_without_value_columns",
        "a text table whose sidecar does not say where its values stand",
        fuel_use,
        layout(value_columns=[]),
        {"lines": "layout_mismatch"},
        kind="whitespace",
    ),
    Case(
        "layout_of_an_empty_table",
        "only the header was exported",
        fuel_use,
        lambda table, place: table.rows.__delitem__(slice(1, None)),
        {"lines": "layout_mismatch"},
    ),
    Case(
        "quote_not_closed",
        "a quotation mark that nobody closed",
        fuel_use,
        nothing,
        {"lines": "file_unreadable"},
        damage=lambda data: data.replace("柴油".encode(), '"柴油'.encode()),
    ),
    Case(
        "workbook_cut_off",
        "a download that broke off",
        fuel_use,
        nothing,
        {"lines": "file_unreadable"},
        kind="xlsx",
        damage=lambda data: data[: len(data) * 2 // 3],
    ),
    Case(
        "old_workbook_cut_off",
        "half of an old workbook",
        fuel_use,
        nothing,
        {"lines": "file_unreadable"},
        kind="xls",
        damage=lambda data: data[: len(data) // 2],
    ),
    Case(
        "workbook_of_noise",
        "a file of zeros named .xls",
        fuel_use,
        nothing,
        {"lines": "file_unreadable"},
        kind="xls",
        damage=lambda data: bytes(4096),
    ),
    Case(
        "protected_workbook_cut_off",
        "a protected workbook that broke off",
        fuel_use,
        nothing,
        {"lines": "file_unreadable"},
        kind="encrypted",
        damage=lambda data: data[:4000],
    ),
    Case(
        "page_cut_off",
        "a web page that ends in the table",
        fuel_use,
        nothing,
        {"lines": "file_unreadable"},
        kind="html",
        damage=lambda data: data[: data.rindex(b"</tr>")],
    ),
    Case(
        "json_cut_off",
        "an answer that ends in the middle",
        fuel_use,
        nothing,
        {"lines": "file_unreadable"},
        kind="json",
        damage=lambda data: data[: len(data) // 2],
    ),
    Case(
        "workbook_with_a_password",
        "a workbook with a password of its own",
        fuel_use,
        nothing,
        {"lines": "file_encrypted"},
        kind="locked",
    ),
    Case(
        "json_too_large",
        "an answer of hundreds of megabytes",
        fuel_use,
        nothing,
        {"lines": "file_too_large"},
        kind="json",
        damage=lambda data: data + b" " * 300_000,
    ),
]

COMPARED = [
    Case(
        "caption_of_another_province",
        "the caption is Hubei's, the sidecar says otherwise",
        captioned_balance,
        lambda table, place: table.put(1, 1, f"江苏省能源平衡表（{place.year}年）"),
        {"file": "content_region_mismatch"},
        says=("江苏",),
    ),
    Case(
        "caption_of_another_province_xlsx",
        "the same in a workbook",
        captioned_balance,
        lambda table, place: table.put(1, 1, "Energy balance of Jiangsu"),
        {"file": "content_region_mismatch"},
        kind="xlsx",
    ),
    Case(
        "file_named_for_another_province",
        "the code in the file's name is another's",
        balance,
        nothing,
        {"file": "content_region_mismatch"},
        file_name="energy_balance_320000_2019",
    ),
    Case(
        "file_named_in_pinyin",
        "the file is called Jiangsu",
        balance,
        nothing,
        {"file": "content_region_mismatch"},
        file_name="jiangsu-balance",
        kind="xls",
    ),
    Case(
        "file_named_in_chinese",
        "the file is called 江苏省",
        balance,
        nothing,
        {"file": "content_region_mismatch"},
        file_name="江苏省平衡表",
    ),
    Case(
        "caption_of_another_year",
        "the caption says two years earlier",
        captioned_balance,
        lambda table, place: table.put(
            1, 1, f"{PROVINCES[place.region]}能源平衡表（{place.year - 2}年）"
        ),
        {"file": "content_year_mismatch"},
    ),
    Case(
        "figures_of_last_year",
        "last year's figures under this year's heading",
        balance,
        lambda table, place: table.rows.__setitem__(slice(2, None), balance(place, 1).rows[2:]),
        {"file": "content_copied"},
        edition=2,
        peers=(0, 1),
        says=("edition_1.csv",),
    ),
    Case(
        "national_figures_under_a_province",
        "the file of a province holds the national table, digit by digit",
        balance,
        national_figures(6, "1"),
        {"file": "content_copied"},
        edition=6,
        companions=national(6),
        says=("national.csv",),
    ),
    Case(
        "national_figures_of_another_edition",
        "national totals, a little revised, under a province's name",
        balance,
        national_figures(9, "1.01"),
        {"file": "region_exceeds_parent"},
        edition=9,
        companions=national(9),
        kind="xlsx",
    ),
    Case(
        "more_energy_than_a_country",
        "tonnes under 10^4 tonnes in a first edition",
        balance,
        scale_all("10000"),
        {"file": "region_too_large"},
    ),
    Case(
        "row_of_figures_lost",
        "the figures of one sector are missing and all below moved up",
        balance,
        several(lose_row_of_figures(6), layout(last_data_row=19)),
        {"file": "rows_shifted"},
        edition=1,
        peers=(0,),
        says=("the row below",),
    ),
    Case(
        "row_of_figures_doubled",
        "the figures of one fuel are there twice",
        balance,
        double_row_of_figures(5, 17),
        {"file": "rows_shifted"},
        edition=2,
        peers=(0, 1, 3),
        kind="xls",
        says=("the row above",),
    ),
    Case(
        "row_of_figures_lost_in_the_oldest",
        "the oldest edition is the wrong one; two later ones say so",
        balance,
        several(lose_row_of_figures(6), layout(last_data_row=19)),
        {"file": "rows_shifted"},
        edition=0,
        peers=(1, 2),
    ),
    Case(
        "column_of_figures_lost",
        "one fuel is missing and those to its right moved left",
        balance,
        lose_column_of_figures(4),
        {"file": "columns_shifted"},
        edition=1,
        peers=(0,),
        says=("to the right",),
    ),
    Case(
        "total_of_a_balance",
        "a digit was lost in the total of coal",
        balance,
        scale(3, 2, "0.1"),
        {"file": "total_mismatch"},
        says=("原煤",),
    ),
    Case(
        "part_of_a_balance",
        "the largest sector was keyed ten times too large",
        balance,
        scale(8, 2, "10"),
        {"file": "total_mismatch"},
        kind="xlsx",
    ),
    Case(
        "total_off_by_one",
        "a total one unit above its three parts",
        regional_product,
        lambda table, place: table.put(4, 2, str(round(float(table.at(4, 2)) + 1, 2))),
        {"file": "total_mismatch"},
        says=("地区生产总值",),
    ),
    Case(
        "city_missing_in_the_total",
        "the cities no longer add up to the province",
        city_electricity,
        lambda table, place: table.put(5, 3, str(round(float(table.at(5, 3)) * 1.07, 2))),
        {"file": "total_mismatch"},
        kind="html",
    ),
    Case(
        "whole_table_in_tonnes",
        "tonnes printed under 10^4 tonnes, known from the edition before",
        fuel_use,
        scale_all("10000"),
        {"file": "unit_scale"},
        edition=1,
        peers=(0,),
        says=("10^4",),
    ),
    Case(
        "whole_table_ten_times_too_small",
        "every figure lost a digit",
        fuel_use,
        scale_all("0.1"),
        {"file": "unit_scale"},
        edition=2,
        peers=(0, 1, 3),
        kind="json",
        says=("10^-1",),
    ),
    Case(
        "whole_table_ten_times_too_small_in_another_language",
        "every figure lost a digit in the first edition with Chinese labels",
        balance,
        several(in_chinese, scale_all("0.1")),
        {"file": "unit_scale"},
        edition=1,
        peers=(0,),
        says=("10^-1",),
        # the edition after it is sound, and Chinese too
        companions=lambda place: [("edition_2.csv", chinese(balance(place, 2)))],
        twin_has_companions=True,
    ),
    Case(
        "one_fuel_in_another_unit",
        "one row is in tonnes",
        fuel_use,
        scale_row(2, "10000"),
        {2: "unit_scale"},
        edition=1,
        peers=(0,),
        says=("row 2",),
    ),
    Case(
        "one_column_in_another_unit",
        "electricity in 10^4 kWh under 10^8 kWh",
        balance,
        scale_column(11, "10000"),
        {("column", 11): "unit_scale"},
        edition=1,
        peers=(0,),
        kind="xls",
    ),
    Case(
        "one_figure_a_hundredfold",
        "a decimal point was lost in the last year",
        fuel_use,
        scale(5, 7, "100"),
        {(5, 7): "value_jump"},
    ),
    Case(
        "one_figure_a_hundredfold_in_between",
        "a decimal point was lost in the middle of the series",
        fuel_use,
        scale(4, 5, "100"),
        {(4, 5): "value_jump"},
        kind="xls",
    ),
    Case(
        "one_figure_against_the_last_edition",
        "a figure of the new edition is a fiftieth of that of the old",
        regional_product,
        several(layout(totals=[]), scale(6, 4, "0.02")),
        {(6, 4): "value_jump"},
        edition=1,
        peers=(0,),
    ),
    Case(
        "table_cut_off",
        "the last rows are missing against the edition before",
        fuel_use,
        cut_rows(4),
        {"file": "rows_missing"},
        edition=1,
        peers=(0,),
        says=("4 of 10",),
    ),
    Case(
        "table_cut_off_in_the_middle_of_a_line",
        "a transfer that broke off inside a row",
        fuel_use,
        nothing,
        {8: "row_ragged", "file": "rows_missing"},
        edition=1,
        peers=(0,),
        damage=lambda data: b"\r\n".join(data.split(b"\r\n")[:8])[:-20],
    ),
]

LISTS = [
    Case(
        "list_unknown_column",
        "a column the form does not have",
        enterprises,
        add_column("法人代表", "张三"),
        {"lines": "column_unknown"},
        says=("法人代表",),
    ),
    Case(
        "list_without_its_key",
        "the column of the park was deleted",
        enterprises,
        drop_column("park_id"),
        {"lines": "layout_mismatch"},
        kind="xlsx",
        says=("park_id",),
    ),
    Case(
        "list_with_a_column_twice",
        "two columns of the same name",
        enterprises,
        add_column("industry_code", "26"),
        {"lines": "layout_mismatch"},
    ),
    Case(
        "list_ragged",
        "a comma inside a name without quotes",
        enterprises,
        lambda table, place: table.rows[2].insert(3, "苏州"),
        {3: "row_ragged"},
    ),
    Case(
        "list_ragged_twice_gb18030",
        "two rows with cells missing",
        park_facts,
        several(lose_last_cell(3), lose_last_cell(4)),
        {3: "row_ragged", 4: "row_ragged"},
        encoding="gb18030",
    ),
    Case(
        "list_value_missing",
        "no industry given",
        enterprises,
        put(3, 4, ""),
        {3: "value_missing"},
        kind="tsv",
    ),
    Case(
        "list_code_unknown",
        "an industry in words",
        enterprises,
        put(4, 4, "电力"),
        {4: "code_unknown"},
        kind="semicolon",
    ),
    Case(
        "list_code_unknown_json",
        "a fuel in the interface that no list and no table of names knows",
        enterprise_energy,
        put(3, used("fuel_code"), "diesel-b7"),
        {3: "code_unknown"},
        kind="json_objects",
        says=("nearest known: diesel",),
    ),
    Case(
        "list_duplicate",
        "an enterprise twice",
        enterprises,
        repeat_row(3),
        {6: "duplicate_key"},
        says=("row 3",),
    ),
    Case(
        "list_duplicate_xlsx",
        "a park fills in the same year twice",
        park_facts,
        repeat_row(2),
        {6: "duplicate_key"},
        kind="xlsx",
    ),
    Case(
        "list_year_invalid",
        "the year as 二〇二一",
        park_facts,
        put(3, 2, "二〇二一"),
        {3: "value_not_a_number"},
    ),
    Case(
        "list_year_far_off",
        "202 for 2020",
        park_facts,
        put(2, 2, "202"),
        {2: "year_invalid"},
        kind="xls",
    ),
    Case(
        "list_month_thirteen",
        "a thirteenth month",
        exchange,
        put(5, 4, "13"),
        {5: "month_invalid"},
    ),
    Case(
        "list_month_of_another_year",
        "the dates of the year before, left in the copy",
        exchange,
        put(3, 4, "2022-02-01"),
        {3: "month_invalid"},
        kind="xlsx",
    ),
    Case(
        "list_signed",
        "who filled it in, below the list",
        exchange,
        append("填表人：张三　审核人：李四", *[""] * 9),
        {6: "value_missing"},
        kind="xlsx",
    ),
    Case(
        "list_total_of_park",
        "the park as a whole by a word",
        exchange,
        put(3, 2, "全园合计"),
        {3: "code_is_total"},
    ),
    Case(
        "list_subtotal",
        "a subtotal below the months",
        exchange,
        several(repeat_row(5), put(6, 2, "小计")),
        {6: "code_is_total"},
        kind="xlsx",
    ),
    Case(
        "list_stray_column",
        "a figure beside the list, under no heading",
        exchange,
        several(add_column("", ""), put(3, 11, "12")),
        {(3, 11): "row_ragged"},
        kind="xlsx",
    ),
    Case(
        "list_stray_column_csv",
        "the same as text",
        exchange,
        several(add_column("", ""), put(3, 11, "12")),
        {"lines": "column_unknown"},
    ),
    Case(
        "list_copied_under_a_new_title",
        "the return of the years before under the title of this year",
        park_facts,
        several(insert_row(1, "2024年园区年报"), layout(header_rows=2, first_data_row=3)),
        dict.fromkeys((3, 4, 5, 6), "caption_year_differs"),
        kind="xlsx",
        says=("2024",),
    ),
    Case(
        "list_day_in_words",
        "not retired, in words",
        certificates,
        put(3, 8, "未核销"),
        {3: "date_invalid"},
    ),
    Case(
        "list_fuel_that_adds_up_others",
        "coal of all kinds, which no method counts",
        enterprise_energy,
        put(2, used("fuel_code"), "煤炭"),
        {2: "code_unknown"},
    ),
    Case(
        "list_credit_code_misread",
        "a letter of the credit code misread",
        enterprises,
        several(add_column("unified_social_credit_code", ""), put(3, 6, "91350100M000100Y44")),
        {3: "credit_code_invalid"},
    ),
    Case(
        "list_figure_merged",
        "one figure for two months, in merged cells",
        exchange,
        nothing,
        {(2, 7): "value_merged", (3, 7): "value_merged"},
        kind="xlsx",
        damage=merge("G2:G3"),
        says=("G2:G3",),
    ),
    Case(
        "list_month_of_a_fraction",
        "month 1.5",
        exchange,
        put(3, 4, "1.5"),
        {3: "month_invalid"},
        kind="xlsx",
    ),
    Case(
        "list_share_in_percent",
        "30 for 0.3",
        exchange,
        put(3, 9, "30"),
        {3: "value_out_of_range"},
        kind="tsv",
    ),
    Case(
        "list_grid_factor_in_kilograms",
        "a factor in kg/MWh",
        exchange,
        put(2, 10, "580"),
        {2: "value_out_of_range"},
        kind="html",
    ),
    Case(
        "list_inf",
        "the inf of a script",
        park_facts,
        put(2, fact("coal_t"), "inf"),
        {2: "value_not_a_number"},
    ),
    Case(
        "list_underscore",
        "1_000",
        park_facts,
        put(2, fact("employees"), "30_000"),
        {2: "value_not_a_number"},
    ),
    Case(
        "list_word",
        "a word in a number",
        park_facts,
        put(4, fact("gdp_10k_cny"), "保密"),
        {4: "value_not_a_number"},
        kind="xls",
    ),
    Case(
        "list_negative",
        "negative coal",
        park_facts,
        put(4, fact("coke_t"), "-3"),
        {4: "value_negative"},
        encoding="gb18030",
    ),
    Case(
        "list_formula_xlsx",
        "a formula in a return",
        park_facts,
        put(2, fact("energy_tce"), "=B2*0.7143"),
        {(2, fact("energy_tce")): "value_is_formula"},
        kind="xlsx",
    ),
    Case(
        "list_formula_csv",
        "a formula saved as text",
        park_facts,
        put(2, fact("co2_t"), "=SUM(C2:C9)"),
        {2: "value_is_formula"},
    ),
    Case(
        "list_division_by_zero",
        "#DIV/0! in a return",
        park_facts,
        put(5, fact("coal_t"), "#DIV/0!"),
        {5: "value_is_error"},
    ),
    Case(
        "list_unit_of_another_kind",
        "coal in cubic metres",
        enterprise_energy,
        put(2, used("unit"), "万立方米"),
        {2: "unit_mismatch"},
    ),
    Case(
        "list_too_much_co2_for_the_energy",
        "CO2 ten times what the energy can give",
        park_facts,
        scale(3, fact("co2_t"), "10"),
        {3: "value_out_of_range"},
        says=("co2_t / energy_tce",),
    ),
    Case(
        "list_coal_in_10k_tonnes",
        "coal in 10^4 t, its standard coal in tce",
        park_facts,
        scale(2, fact("coal_t"), "0.0001"),
        {2: "value_out_of_range"},
    ),
    Case(
        "list_part_above_whole",
        "more feedstock than consumption",
        enterprise_energy,
        scale(2, used("feedstock_quantity"), "20"),
        {2: "value_out_of_range"},
        kind="xlsx",
    ),
    Case(
        "list_coefficient_off_by_ten",
        "standard coal by a public table of coefficients that is wrong by ten",
        enterprise_energy,
        several(scale(2, used("energy_tce"), "10"), scale(7, used("energy_tce"), "10")),
        {2: "factor_out_of_range", 7: "factor_out_of_range"},
        says=("7.143 tce per t", "known are 0.7143"),
    ),
    Case(
        "list_gas_in_the_wrong_unit",
        "gas in cubic metres under 10^4 cubic metres",
        enterprise_energy,
        several(*(scale(4, column, "10000") for column in range(7, 13))),
        {4: "factor_out_of_range"},
        kind="xls",
    ),
    Case(
        "list_product_times_ten",
        "a product in 10^3 CNY in the last year",
        park_facts,
        scale(5, fact("gdp_10k_cny"), "10"),
        {5: "value_jump"},
        kind="xlsx",
    ),
    Case(
        "list_first_year_times_ten",
        "the first year of a park is off, as two later ones show",
        park_facts,
        scale(2, fact("employees"), "20"),
        {2: "value_jump"},
    ),
    Case(
        "list_enterprises_above_their_park",
        "the enterprises of a park burnt more coal than the park",
        enterprise_energy,
        several(scale(2, used("consumption_quantity"), "12"), scale(2, used("energy_tce"), "12")),
        {2: "enterprises_exceed_park", 7: "enterprises_exceed_park"},
        companions=return_of_the_park,
        twin_has_companions=True,
        says=("coal_t of the park",),
    ),
    Case(
        "list_hidden_sheet",
        "a return with a hidden working sheet",
        enterprises,
        sheet("计算", True, ["1", "2"]),
        {("计算", 1): "sheet_hidden"},
        kind="xlsx",
    ),
    Case(
        "list_below_the_last_row",
        "rows below the last one of the form",
        enterprises,
        several(layout(last_data_row=5), append("P9999", "x", "某厂", "26", "true")),
        {6: "row_outside_layout"},
        kind="xls",
    ),
    Case(
        "list_kind_of_another",
        "a list described as a matrix",
        enterprises,
        nothing,
        {"lines": "layout_mismatch"},
        sidecar=lambda sidecar: (
            sidecar
            | {
                "layout": {
                    "kind": "matrix",
                    "row_labels": {1: "fuel"},
                    "column_labels": "year",
                    "unit": "吨",
                }
            }
        ),
    ),
    Case(
        "list_undecodable",
        "a Latin-1 byte in a long list",
        enterprises,
        nothing,
        {"lines": "file_undecodable"},
        damage=lambda data: data.replace("第1".encode(), b"\xe9"),
    ),
    Case(
        "list_with_a_password",
        "a return with a password",
        enterprises,
        nothing,
        {"lines": "file_encrypted"},
        kind="locked",
    ),
]

# What offices send under other names, and lists in their own words.
DRESSES: list[Case] = [
    Case(
        "label_misspelt_xlsm",
        "a workbook with macros",
        fuel_use,
        put(2, 1, "原媒"),
        {2: "label_unknown"},
        kind="xlsm",
    ),
    Case(
        "value_about_ods",
        "an OpenDocument sheet",
        fuel_use,
        put(3, 5, "约1200"),
        {(3, 5): "value_not_a_number"},
        kind="ods",
    ),
    Case(
        "label_misspelt_excel_2003",
        "an XML spreadsheet of Excel 2003, named .xls",
        fuel_use,
        put(4, 1, "焦碳粉"),
        {4: "label_unknown"},
        kind="xml_2003",
    ),
    Case(
        "value_about_mhtml",
        "a web page saved as one file",
        fuel_use,
        put(3, 5, "约1200"),
        {(3, 5): "value_not_a_number"},
        kind="mhtml",
    ),
    Case(
        "label_misspelt_text_named_xls",
        "text of a database, named .xls",
        fuel_use,
        put(2, 1, "原媒"),
        {2: "label_unknown"},
        kind="text_as_xls",
        encoding="gb18030",
    ),
    Case(
        "label_misspelt_single_blanks",
        "text whose columns are separated by one blank",
        fuel_use,
        put(2, 1, "原媒"),
        {2: "label_unknown"},
        kind="single_blanks",
    ),
    Case(
        "value_shown_in_wan_xlsx",
        "a format that shows a ten-thousandth of what is stored",
        fuel_use,
        show(3, 5, "0!.0000"),
        {(3, 5): "value_format_differs"},
        kind="xlsx",
        says=("0!.0000",),
    ),
    Case(
        "value_shown_in_thousands_xls",
        "a format in thousands",
        fuel_use,
        show(4, 6, "#,##0.0,"),
        {(4, 6): "value_format_differs"},
        kind="xls",
    ),
    Case(
        "value_shown_in_millions_excel_2003",
        "a format in millions",
        fuel_use,
        show(5, 4, '0.00,,"百万"'),
        {(5, 4): "value_format_differs"},
        kind="xml_2003",
    ),
    Case(
        "value_shown_otherwise_ods",
        "an OpenDocument cell that prints another number than it holds",
        fuel_use,
        show(3, 5, "", "0.012"),
        {(3, 5): "value_format_differs"},
        kind="ods",
    ),
    Case(
        "value_shown_in_percent_xlsx",
        "a share among quantities",
        fuel_use,
        show(6, 5, "0.0%"),
        {(6, 5): "value_not_a_number"},
        kind="xlsx",
    ),
    Case(
        "year_of_two_digits_among_words",
        "年度 and .0 are years, 21年度 is none",
        years_in_words,
        put(1, 6, "21年度"),
        {("column", 6): "year_invalid"},
    ),
    Case(
        "sidecar_key_twice",
        "a clerk wrote edition_year twice",
        fuel_use,
        nothing,
        {"lines": "sidecar_invalid"},
        sidecar=lambda sidecar: (
            yaml.safe_dump(sidecar, allow_unicode=True) + "edition_year: 2020\n"
        ),
        says=("edition_year stands twice",),
    ),
    Case(
        "list_answer_is_neither_yes_nor_no",
        "是, TRUE and Yes are answers, 也许 is none",
        enterprises_in_words,
        put(3, 5, "也许"),
        {3: "code_unknown"},
        says=("false", "true"),
    ),
    Case(
        "list_fuel_misspelt_in_words",
        "原媒 among the names of fuels",
        energy_in_words,
        put(2, used("fuel_code"), "原媒"),
        {2: "code_unknown"},
        says=("raw_coal (原煤)",),
    ),
    Case(
        "list_mark_that_nobody_explained",
        "the sidecar says what - means, not ×",
        energy_in_words,
        put(4, used("consumption_quantity"), "×"),
        {4: "value_not_a_number"},
    ),
    Case(
        "list_enterprise_code_as_number",
        "Excel made a number of a code of 18 digits",
        enterprise_energy,
        put(2, used("enterprise_id"), "9.13200001347688E+17"),
        {2: "code_is_number"},
    ),
    Case(
        "list_enterprise_code_as_float",
        "a program made 7.0 of 0007",
        enterprise_energy,
        put(3, used("enterprise_id"), "7.0"),
        {3: "code_is_number"},
    ),
    Case(
        "list_total_without_a_name",
        "the last row of the form adds up the others",
        energy_in_words,
        append("合计"),
        {12: "row_ragged"},
    ),
]

# What a caption, a heading or a unit says is another quantity, or a part of the year.
QUANTITIES = [
    Case(
        "caption_of_half_a_year",
        "the balance of January to June of the same year",
        captioned_balance,
        lambda table, place: table.put(
            1, 1, f"{PROVINCES[place.region]}能源平衡表（{place.year}年1-6月）"
        ),
        {"file": "content_part_of_year"},
        says=("1-6月",),
    ),
    Case(
        "caption_of_the_year_to_date_html",
        "figures since January, with the caption in English",
        captioned_product,
        put(1, 1, "Gross Regional Product, Jan-Sep"),
        {"file": "content_part_of_year"},
        kind="html",
    ),
    Case(
        "caption_of_emissions",
        "emissions of CO2 in 10^4 t where the use of fuels in 10^4 t belongs",
        captioned_balance,
        lambda table, place: table.put(
            1, 1, f"{PROVINCES[place.region]}分行业二氧化碳排放量（{place.year}年）"
        ),
        {"file": "content_quantity_mismatch"},
        says=("二氧化碳",),
    ),
    Case(
        "caption_of_product_per_head_xls",
        "product per head under the name of product",
        captioned_product,
        lambda table, place: table.put(1, 1, table.at(1, 1).replace("历年", "人均")),
        {"file": "content_quantity_mismatch"},
        kind="xls",
        says=("人均",),
    ),
    Case(
        "caption_of_shares",
        "shares of product, not product",
        captioned_product,
        put(1, 1, "各产业增加值占地区生产总值比重"),
        {"file": "content_quantity_mismatch"},
    ),
    Case(
        "product_in_tonnes",
        "the unit of coal beside product",
        regional_product,
        layout(unit="万吨"),
        {"file": "unit_mismatch"},
        says=("地区生产总值 is kept in 10k_cny",),
    ),
    Case(
        "product_in_percent_xlsx",
        "a table of shares called product",
        regional_product,
        layout(unit="%"),
        {"file": "unit_mismatch"},
        kind="xlsx",
    ),
    Case(
        "list_row_without_a_quantity",
        "fuel and unit, and no figure at all",
        enterprise_energy,
        several(*(put(4, column, "") for column in range(used("purchase_quantity"), 14))),
        {4: "quantity_missing"},
    ),
    Case(
        "list_of_half_a_year",
        "a return of half a year without months",
        captioned_energy,
        put(1, 1, "企业能源购进、消费与库存（2023年上半年）"),
        {"file": "content_part_of_year"},
        kind="xlsx",
        says=("上半年",),
    ),
    Case(
        "list_heading_in_10k_tonnes",
        "a heading in 10^4 t beside a column that says tonnes",
        enterprise_energy,
        several(
            rename_column("purchase_quantity", "购进量（万吨）"),
            layout(fields={"购进量（万吨）": "purchase_quantity"}),
        ),
        {"file": "unit_mismatch"},
    ),
    Case(
        "list_heading_in_standard_coal",
        "CO2 in tonnes of standard coal",
        park_facts,
        several(
            rename_column("co2_t", "二氧化碳排放量（万吨标准煤）"),
            layout(fields={"二氧化碳排放量（万吨标准煤）": "co2_t"}),
        ),
        {"lines": "heading_unit_mismatch"},
    ),
    Case(
        "list_heading_in_a_unit_nobody_knows",
        "hundreds of tonnes",
        park_facts,
        several(
            rename_column("co2_t", "二氧化碳排放量（百吨）"),
            layout(fields={"二氧化碳排放量（百吨）": "co2_t"}),
        ),
        {"lines": "heading_unit_mismatch"},
        says=("百吨",),
    ),
]

CASES = [*LABELS, *UNITS, *VALUES, *KEYS, *SHAPES, *FILES, *COMPARED, *LISTS, *QUANTITIES, *DRESSES]
assert FUELS[0] == "原煤"
