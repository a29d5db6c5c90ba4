"""Tables as offices set them, made here and read by a sidecar alone: the exact cells."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
import xlwt
import yaml

from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.list_words import ListWords
from orchestration.landing.map.lists import read_records
from orchestration.landing.map.tables import read_cells
from orchestration.landing.map.vocabulary import Vocabulary, read_vocabulary
from orchestration.landing.read import formats, limits, workbooks
from orchestration.landing.read.files import RawFile, open_file
from orchestration.landing.read.sheet import Unreadable
from orchestration.landing.read.sidecar import Layout
from orchestration.proposing.proposal import codes_of

Rows = list[list[Any]]
Found = list[tuple[str, ...]]

BALANCE = "energy_yearbook_energy_balance"
GDP = "china_yearbook_gdp"
FUEL_USE = "jiangsu_yearbook_industrial_fuel_use"
JIANGSU_2020 = {"region": "江苏", "year": 2020}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary()


def describe(path: Path, layout: dict[str, Any], dataset: str, **keys: Any) -> RawFile:
    """Put a sidecar beside a file."""
    sidecar = {
        "dataset": dataset,
        "source_id": "test",
        "publisher": "test",
        "title_zh": "测试",
        "title_en": "test",
        "edition_year": 2021,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "none",
        "origin": "observed",
        "url_or_citation": "made by a test",
        "layout": {"kind": "matrix", **layout},
        **keys,
    }
    path.with_name(path.name + ".yml").write_text(yaml.safe_dump(sidecar, allow_unicode=True))
    return RawFile(path, path.name, 0)


def cells_of(file: RawFile, vocabulary: Vocabulary) -> list[Cell]:
    content = open_file(file)
    assert not content.fault, content.fault_detail
    return list(read_cells(content, vocabulary))


def shown(cells: Iterable[Cell], *concepts: str) -> Found:
    """Labels, unit, number and status of cells, which is what the landing goes on with."""
    for cell in cells:
        assert not cell.fault, cell
    return [
        (*(cell.labels[name] for name in concepts), cell.unit_label, cell.number_text,
         cell.value_status)
        for cell in cells
    ]  # fmt: skip


# --- a table in every format ---------------------------------------------------------------------

TABLE: Rows = [
    ["地区", "地区生产总值", "工业"],
    ["江 苏", "102718.98", "37744.85"],
    ["浙江", "64613.3", ""],
]
TABLE_LAYOUT = {
    "header_rows": 1,
    "row_labels": {1: "region"},
    "column_labels": "indicator",
    "unit": "亿元",
    "constants": {"year": 2020},
}
TABLE_CELLS = [
    ("江苏", "地区生产总值", "亿元", "102718.98", ""),
    ("江苏", "工业", "亿元", "37744.85", ""),
    ("浙江", "地区生产总值", "亿元", "64613.3", ""),
    ("浙江", "工业", "亿元", "", "not_available"),
]


def _text(delimiter: str) -> Callable[[Rows], bytes]:
    def write(rows: Rows) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
        return text.getvalue().encode()

    return write


def _encoded(encoding: str) -> Callable[[Rows], bytes]:
    return lambda rows: _text(",")(rows).decode().encode(encoding)


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text or None


def _xlsx(rows: Rows, merged: Iterable[str] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append([_number(str(text)) for text in row])
    for place in merged:
        workbook.active.merge_cells(place)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _xls(rows: Rows) -> bytes:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("1")
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text != "":
                sheet.write(r, c, _number(str(text)))
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _encrypted_xlsx(rows: Rows) -> bytes:
    from msoffcrypto.format.ooxml import OOXMLFile

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(_xlsx(rows))).encrypt(workbooks.EXCEL_DEFAULT_PASSWORD, target)
    return target.getvalue()


def _html(rows: Rows) -> bytes:
    body = "".join(f"<tr>{''.join(f'<td> {text}</td>' for text in row)}" for row in rows)
    page = f"<!DOCTYPE html><html><body><table><tr><td>menu</table><table>{body}</table></html>"
    return page.encode()


def _json_lists(rows: Rows) -> bytes:
    return json.dumps([[_number(str(text)) for text in row] for row in rows]).encode()


def _json_objects(rows: Rows) -> bytes:
    return json.dumps(
        [dict(zip(rows[0], map(_number, row), strict=True)) for row in rows[1:]]
    ).encode()


FORMATS = {
    "comma.csv": (_text(","), {}, "utf-8"),
    "tab.tsv": (_text("\t"), {"delimiter": "\t"}, "utf-8"),
    "semicolon.csv": (_text(";"), {"delimiter": ";"}, "utf-8"),
    "pipe.txt": (_text("|"), {"delimiter": "|"}, "utf-8"),
    "mark.csv": (_encoded("utf-8-sig"), {}, "utf-8-sig"),
    "wide.csv": (_encoded("utf-16"), {}, "utf-16"),
    "office.csv": (_encoded("gb18030"), {}, "gb18030"),
    "book.xlsx": (_xlsx, {}, "utf-8"),
    "book.xls": (_xls, {}, "utf-8"),
    "protected.xlsx": (_encrypted_xlsx, {}, "utf-8"),
    "page.html": (_html, {}, "utf-8"),
    "page.xls": (_html, {}, "utf-8"),
    "lists.json": (_json_lists, {}, "utf-8"),
    "objects.json": (_json_objects, {}, "utf-8"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_one_table_reads_alike_from_every_format(
    name: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    write, keys, encoding = FORMATS[name]
    path = tmp_path / name
    path.write_bytes(write(TABLE))
    file = describe(path, {**TABLE_LAYOUT, **keys}, GDP, encoding=encoding)
    assert shown(cells_of(file, vocabulary), "region", "indicator") == TABLE_CELLS


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.endswith((".xlsx", ".xls"))])
def test_the_encoding_is_found(name: str, tmp_path: Path) -> None:
    write, _, encoding = FORMATS[name]
    path = tmp_path / name
    path.write_bytes(write(TABLE))
    assert formats.guess_encoding(path) == encoding


def test_a_workbook_with_a_password_of_its_own_is_refused(tmp_path: Path) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    path = tmp_path / "secret.xlsx"
    with path.open("wb") as target:
        OOXMLFile(io.BytesIO(_xlsx(TABLE))).encrypt("another", target)
    with pytest.raises(Unreadable) as refusal:
        formats.open_sheets(path, "utf-8", _layout(TABLE_LAYOUT))
    assert refusal.value.rule == "file_encrypted"


def test_what_is_parsed_whole_has_a_limit_and_a_text_has_none(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    for name in ("book.xlsx", "book.xls", "page.html", "lists.json"):
        path = tmp_path / name
        path.write_bytes(FORMATS[name][0](TABLE))
        with limits.changed(bytes=10), pytest.raises(Unreadable) as refusal:
            formats.open_sheets(path, "utf-8", _layout(TABLE_LAYOUT))
        assert refusal.value.rule == "file_too_large"
    path = tmp_path / "long.csv"
    path.write_bytes(_text(",")(TABLE))
    with limits.changed(bytes=10):
        assert len(cells_of(describe(path, TABLE_LAYOUT, GDP), vocabulary)) == len(TABLE_CELLS)


def test_a_small_workbook_that_unpacks_to_a_large_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(_xlsx(TABLE))
    with limits.changed(unpacked_bytes=1000), pytest.raises(Unreadable) as refusal:
        formats.open_sheets(path, "utf-8", _layout(TABLE_LAYOUT))
    assert refusal.value.rule == "file_too_large"


def _layout(keys: dict[str, Any]) -> Any:
    from orchestration.landing.read.sidecar import Layout

    return Layout.model_validate({"kind": "matrix", **keys})


# --- workbooks: merged cells, faults -------------------------------------------------------------


def test_a_merged_heading_stands_over_each_of_its_columns(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Two levels, bilingual, with line breaks; years above, fuels below."""
    path = tmp_path / "two_levels.xlsx"
    rows = [
        ["分行业能源消费量", "", "", "", ""],
        ["单位：万吨", "", "", "", ""],
        ["行 业\nSector", "2019年", "", "2020年", ""],
        ["", "原 煤\nRaw coal", "焦炭\nCoke", "原 煤\nRaw coal", "焦炭\nCoke"],
        ["工业\nIndustry", 1, 2.5, 3, 4],
    ]
    path.write_bytes(_xlsx(rows, ["A1:E1", "A3:A4", "B3:C3", "D3:E3"]))
    layout = {
        "header_rows": [3, 4],
        "row_labels": {1: "item"},
        "column_labels": {3: "year", 4: "fuel"},
        "unit_cell": [2, 1],
        "constants": {"region": "江苏"},
    }
    cells = cells_of(describe(path, layout, BALANCE), vocabulary)
    assert shown(cells, "year", "item", "fuel") == [
        ("2019年", "工业", "原煤", "万吨", "1", ""),
        ("2019年", "工业", "焦炭", "万吨", "2.5", ""),
        ("2020年", "工业", "原煤", "万吨", "3", ""),
        ("2020年", "工业", "焦炭", "万吨", "4", ""),
    ]
    assert [(cell.row_number, cell.column_number) for cell in cells] == [
        (5, n) for n in (2, 3, 4, 5)
    ]


def test_a_heading_set_over_five_rows_is_one_label(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "five.csv"
    path.write_bytes(
        _text(",")(
            [
                ["", "地区", "第一"],
                ["年份", "生产", "产业"],
                ["Year", "总值", "Primary"],
                ["", "(亿元)", "Industry"],
                ["", "", "(亿元)"],
                ["2020", "5", "6"],
            ]
        )
    )
    layout = {
        "header_rows": [1, 2, 3, 4, 5],
        "row_labels": {1: "year"},
        "column_labels": "indicator",
        "unit_in": "column_label",
        "constants": {"region": "江苏"},
    }
    assert shown(cells_of(describe(path, layout, GDP), vocabulary), "year", "indicator") == [
        ("2020", "地区生产总值", "亿元", "5", ""),
        ("2020", "第一产业", "亿元", "6", ""),
    ]


def test_the_lowest_heading_decides(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A rate under 原煤 is no quantity of raw coal; of which is no part of a name."""
    path = tmp_path / "rates.csv"
    path.write_bytes(
        _text(",")(
            [
                ["项目", "煤合计", "煤合计", "煤合计", "#焦炭"],
                ["", "", "其中：原煤", "增长(%)", ""],
                ["工业", "9", "8", "7", "6"],
            ]
        )
    )
    layout = {
        "header_rows": [1, 2],
        "row_labels": {1: "item"},
        "column_labels": "fuel",
        "unit": "万吨",
        "constants": JIANGSU_2020,
    }
    cells = cells_of(describe(path, layout, BALANCE), vocabulary)
    assert [cell.labels["fuel"] for cell in cells] == ["煤合计", "原煤", "煤合计增长(%)", "焦炭"]


def test_a_formula_an_error_and_a_hidden_sheet_are_not_values(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (["地区", "工业", "建筑业", "第一产业"], ["江苏", "=1+1", "#DIV/0!", 7]):
        sheet.append(row)
    sheet["C2"].data_type = "e"
    hidden = workbook.create_sheet("旧")
    hidden.sheet_state = "hidden"
    hidden.append(["江苏", 1])
    path = tmp_path / "faults.xlsx"
    workbook.save(path)
    layout = {**TABLE_LAYOUT, "column_labels": "indicator"}
    cells = cells_of(describe(path, layout, GDP), vocabulary)
    assert [(cell.fault, cell.value_text) for cell in cells] == [
        ("value_is_formula", "=1+1"),
        ("value_is_error", "#DIV/0!"),
        ("", "7"),
        ("sheet_hidden", "江苏\t1"),
    ]


# --- units ---------------------------------------------------------------------------------------

FUELS: Rows = [["原煤", "1"], ["天然气", "2"]]
UNITS = {
    "caption": (
        [["表9-5 能源消费量", "计量单位: 万千瓦小时"], ["品种", "2020"], *FUELS],
        {"header_rows": 2, "unit_cell": [1, 2]},
        ["万千瓦小时", "万千瓦小时"],
    ),
    "row": (
        [["品种", "2020"], ["计量单位", "万吨"], *FUELS],
        {"header_rows": 1, "unit_row": 2},
        ["万吨", "万吨"],
    ),
    "column": (
        [["品种", "单位", "2020"], ["原煤", "（万吨）", "1"], ["天然气", "亿立方米", "2"]],
        {"unit_column": 2},
        ["万吨", "亿立方米"],
    ),
    "column of groups": (
        [["品种", "单位", "2020"], ["原煤", "10 000 tons", "1"], ["焦炭", "", "2"]],
        {"unit_column": 2, "fill_row_labels": True},
        ["10 000 tons", "10 000 tons"],
    ),
    "row label": (
        [["品种", "2020"], ["原煤(万吨)", "1"], ["天然气，亿立方米", "2"]],
        {"unit_in": "row_label"},
        ["万吨", "亿立方米"],
    ),
    "column label": (
        [["品种", "2020\n（万吨标准煤）"], *FUELS],
        {"unit_in": "column_label"},
        ["万吨标准煤", "万吨标准煤"],
    ),
    "row label, else the caption's": (
        [["品种", "2020"], ["原煤", "1"], ["天然气（亿立方米）", "2"]],
        {"unit_in": "row_label", "unit": "万吨"},
        ["万吨", "亿立方米"],
    ),
}


@pytest.mark.parametrize("place", UNITS)
def test_a_unit_is_read_where_it_stands(place: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    rows, keys, units = UNITS[place]
    path = tmp_path / "units.csv"
    path.write_bytes(_text(",")(rows))
    layout = {
        "row_labels": {1: "fuel"},
        "column_labels": "year",
        "constants": {"region": "江苏", "item": "规模以上工业能源消费量"},
        **keys,
    }
    cells = cells_of(describe(path, layout, FUEL_USE), vocabulary)
    assert [cell.unit_label for cell in cells] == units
    assert [cell.labels["year"] for cell in cells] == ["2020", "2020"]
    assert [cell.number_text for cell in cells] == ["1", "2"]


# --- numbers and marks ---------------------------------------------------------------------------

MARKS = {
    "missing_marks": {"": "not_available", "-": "zero", "…": "below_unit", "...": "below_unit"},
    "footnote_marks": ["①", "*", "a"],
}
PRINTED = {
    "1,234.5": ("1,234.5", ""),
    "１２３．４": ("123.4", ""),
    "－1.5": ("-1.5", ""),
    "−1.5": ("-1.5", ""),
    "1\u00a0234.5": ("1 234.5", ""),
    " 12 ": ("12", ""),
    "": ("", "not_available"),
    "-": ("0", "zero"),
    "…": ("", "below_unit"),
    "...": ("", "below_unit"),
    "…①": ("", "below_unit"),
    "7.5①": ("7.5", ""),
    "7.5*": ("7.5", ""),
    "7.5a": ("7.5", ""),
    "0": ("0", ""),
    # not declared: left as it is, for the rules to refuse, and never folded into a digit
    "12②": ("12②", ""),
    "12²": ("12²", ""),
    "——": ("——", ""),
}


@pytest.mark.parametrize("printed", PRINTED)
def test_a_printed_value_is_its_number_or_its_mark(
    printed: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "marks.csv"
    path.write_bytes(_text(";")([["地区", "工业"], ["江苏", printed]]))
    layout = {**TABLE_LAYOUT, **MARKS, "delimiter": ";"}
    cell = cells_of(describe(path, layout, GDP), vocabulary)[0]
    assert (cell.number_text, cell.value_status) == PRINTED[printed]
    assert cell.value_text == printed.strip(" \u00a0")


@pytest.mark.parametrize(("sign", "printed"), [(" ", "1 234 567.8"), ("'", "1'234'567.8")])
def test_thousands_may_be_set_apart_by_other_signs(
    sign: str, printed: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "thousands.csv"
    path.write_bytes(_text(";")([["地区", "工业"], ["江苏", printed]]))
    layout = {**TABLE_LAYOUT, "delimiter": ";", "thousands": sign}
    assert cells_of(describe(path, layout, GDP), vocabulary)[0].number_text == "1,234,567.8"


def test_a_mark_on_a_value_says_its_status(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "estimates.csv"
    path.write_bytes(_text(",")([["地区", "工业", "建筑业"], ["江苏", "12e", "13"]]))
    layout = {**TABLE_LAYOUT, "value_marks": {"e": "imputed"}}
    cells = cells_of(describe(path, layout, GDP), vocabulary)
    assert [(c.number_text, c.value_status) for c in cells] == [("12", "imputed"), ("13", "")]


# --- labels --------------------------------------------------------------------------------------

LABELS = {
    "南 京 市": "南京市",
    "南　京　市①": "南京市",
    "南京市\nNanjing": "南京市",
    "Nanjing": "Nanjing",
    "  江苏省": "江苏省",
    "#江 苏": "江苏",
    "320100": "320100",
    "其中：无锡市": "无锡市",
    "1.苏州市": "苏州市",
    "（一）常州市": "常州市",
    "扬州市*": "扬州市",
    "淮安市a": "淮安市",
    "Nanjinga": "Nanjinga",  # no word loses its last letter to a footnote mark
    "吉林江": "吉林江",  # unknown: as printed, for the rules to refuse
}


@pytest.mark.parametrize("printed", LABELS)
def test_a_printed_name_is_the_alias_it_means(
    printed: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(_text(",")([["地区", "工业"], [printed, "1"]]))
    layout = {**TABLE_LAYOUT, **MARKS}
    cell = cells_of(describe(path, layout, GDP), vocabulary)[0]
    assert cell.labels["region"] == LABELS[printed]


def test_the_sidecars_words_come_first(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A word of the table for a known label; 其他 means another thing below each parent."""
    path = tmp_path / "words.csv"
    path.write_bytes(
        _text(",")(
            [
                ["项目", "原煤"],
                ["终端消费", "9"],
                ["  工业", "5"],
                ["    其中:其他", "1"],
                ["  建筑业", "3"],
                ["    其他", "2"],
            ]
        )
    )
    layout = {
        "row_labels": {1: "item"},
        "column_labels": "fuel",
        "unit": "万吨",
        "constants": JIANGSU_2020,
        "labels": {"item": {"终端消费": "终端消费量", "工业/其他": "其他制造业"}},
    }
    cells = cells_of(describe(path, layout, BALANCE), vocabulary)
    assert [cell.labels["item"] for cell in cells] == [
        "终端消费量", "工业", "其他制造业", "建筑业", "其他",
    ]  # fmt: skip


BALANCE_ROWS = {
    "二、加工转换投入(－)产出(＋)量": "transformation_total",
    "加工转换投入（-）产出（+）量": "transformation_total",
    "  2. 供  热": "heating_supply",
    "    #焦炭再投入量（-）": "coke_reinput",
    "四、终 端 消 费 量": "total_final_consumption",
    "  1.农、林、牧、渔、水利业": "A",
    "    # 用作原料、材料": "non_energy_use",
    "  7.生活消费": "RES",
    "    城  镇": "RES_U",
    "六、消费量合计": "total_consumption",
}


@pytest.mark.parametrize("printed", BALANCE_ROWS)
def test_the_rows_of_a_printed_balance_are_known(
    printed: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "balance.csv"
    path.write_bytes(_text(",")([["项目", "原煤"], [printed, "1"]]))
    layout = {
        "row_labels": {1: "item"},
        "column_labels": "fuel",
        "unit": "万吨",
        "constants": JIANGSU_2020,
    }
    label = cells_of(describe(path, layout, BALANCE), vocabulary)[0].labels["item"]
    assert codes_of("item")[label] == BALANCE_ROWS[printed]


def test_labels_may_stand_in_two_columns_by_depth(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "depth.csv"
    path.write_bytes(
        _text(",")(
            [["项目", "", "原煤"], ["工业", "", "9"], ["", "纺织业", "4"], ["建筑业", "", "1"]]
        )
    )
    layout = {
        "row_labels": {1: "item", 2: "item"},
        "column_labels": "fuel",
        "unit": "万吨",
        "constants": JIANGSU_2020,
    }
    for keys in ({}, {"fill_row_labels": True}):
        cells = cells_of(describe(path, {**layout, **keys}, BALANCE), vocabulary)
        assert [(c.labels["item"], c.number_text) for c in cells] == [
        ("工业", "9"), ("纺织业", "4"), ("建筑业", "1"),
    ]  # fmt: skip


def test_a_heading_between_rows_and_a_note_are_no_rows(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = tmp_path / "headings.csv"
    path.write_bytes(
        _text(",")(
            [
                ["地区", "工业"],
                ["按地区分", ""],
                ["江苏", ""],
                ["", ""],
                ["浙江", "3"],
                ["注：本表按当年价格计算。", ""],
            ]
        )
    )
    cells = cells_of(describe(path, TABLE_LAYOUT, GDP), vocabulary)
    assert [(c.labels["region"], c.number_text) for c in cells] == [("江苏", ""), ("浙江", "3")]


def test_a_row_below_the_table_does_not_vanish(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "below.csv"
    path.write_bytes(_text(",")([["地区", "工业"], ["江苏", "1"], ["注：略", ""], ["浙江", "3"]]))
    cells = cells_of(describe(path, TABLE_LAYOUT, GDP), vocabulary)
    assert [(c.fault, c.row_number) for c in cells] == [("", 2), ("row_outside_layout", 4)]


# --- years, continuations ------------------------------------------------------------------------


def test_years_may_run_down_with_their_sign(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "down.csv"
    path.write_bytes(
        _text(",")(
            [
                ["年份", "地区", "工业"],
                ["2019年", "江苏", "1"],
                ["", "浙江", "2"],
                ["2020 年", "江苏", "3"],
            ]
        )
    )
    layout = {
        **TABLE_LAYOUT,
        "row_labels": {1: "year", 2: "region"},
        "constants": {},
        "fill_row_labels": True,
    }
    cells = cells_of(describe(path, layout, GDP), vocabulary)
    assert [(c.labels["year"], c.labels["region"]) for c in cells] == [
        ("2019年", "江苏"), ("2019年", "浙江"), ("2020年", "江苏"),
    ]  # fmt: skip


def test_a_continuation_side_by_side_may_be_shorter(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "beside.csv"
    path.write_bytes(
        _text(",")(
            [
                ["行业", "原煤", "焦炭", "行业(续)", "原煤", "焦炭"],
                ["工业", "1", "2", "建筑业", "5", "6"],
                ["纺织业", "3", "4", "", "", ""],
            ]
        )
    )
    layout = {
        "row_labels": {1: "item"},
        "value_columns": [2, 3],
        "column_labels": "fuel",
        "unit": "万吨",
        "constants": JIANGSU_2020,
        "blocks": [{"row_labels": {4: "item"}, "value_columns": [5, 6]}],
    }
    cells = cells_of(describe(path, layout, BALANCE), vocabulary)
    assert shown(cells, "item", "fuel") == [
        ("工业", "原煤", "万吨", "1", ""), ("工业", "焦炭", "万吨", "2", ""),
        ("纺织业", "原煤", "万吨", "3", ""), ("纺织业", "焦炭", "万吨", "4", ""),
        ("建筑业", "原煤", "万吨", "5", ""), ("建筑业", "焦炭", "万吨", "6", ""),
    ]  # fmt: skip


def test_a_continuation_below_has_its_own_heading(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """续表 ends the part above it without the sidecar saying where; so do its captions."""
    path = tmp_path / "below.csv"
    rows = [
        ["表3-9 地区生产总值", "", ""],
        ["单位:亿元", "", ""],
        ["地区", "地区生产总值", "第一产业"],
        ["江苏", "1", "2"],
        ["浙江", "3", "4"],
        ["续表 continued", "", ""],
        ["单位:万元", "", ""],
        ["地区", "工业", "建筑业"],
        ["江苏", "5", "6"],
        ["浙江", "7", "…"],
    ]
    path.write_bytes(_text(",")(rows))
    layout = {
        **TABLE_LAYOUT,
        "unit": "亿元",
        "header_rows": 3,
        "missing_marks": {"": "not_available", "…": "below_unit"},
        "blocks": [{"header_rows": 8, "unit_cell": [7, 1]}],
    }
    content = open_file(describe(path, layout, GDP))
    assert shown(list(read_cells(content, vocabulary)), "region", "indicator") == [
        ("江苏", "地区生产总值", "亿元", "1", ""), ("江苏", "第一产业", "亿元", "2", ""),
        ("浙江", "地区生产总值", "亿元", "3", ""), ("浙江", "第一产业", "亿元", "4", ""),
        ("江苏", "工业", "万元", "5", ""), ("江苏", "建筑业", "万元", "6", ""),
        ("浙江", "工业", "万元", "7", ""), ("浙江", "建筑业", "万元", "", "below_unit"),
    ]  # fmt: skip
    # The rules look for a wrong province in the captions: no row of the table may be one.
    assert content.captions == ["表3-9 地区生产总值", "单位:亿元", "续表 continued", "单位:万元"]


def test_a_sheet_for_each_year(tmp_path: Path, vocabulary: Vocabulary) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "2019"
    for year in (2019, 2020):
        sheet = workbook.active if year == 2019 else workbook.create_sheet("2020")
        sheet.append(["地区", "工业"])
        sheet.append(["江苏", year / 2])
    path = tmp_path / "years.xlsx"
    workbook.save(path)
    layout = {
        **TABLE_LAYOUT,
        "sheet": "2019",
        "constants": {"year": 2019},
        "blocks": [{"sheet": "2020", "constants": {"year": 2020}}],
    }
    cells = cells_of(describe(path, layout, GDP), vocabulary)
    assert [(c.sheet_name, c.labels["year"], c.number_text) for c in cells] == [
        ("2019", "2019", "1009.5"), ("2020", "2020", "1010"),
    ]  # fmt: skip


# --- text set in columns -------------------------------------------------------------------------


def test_columns_set_with_blanks(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Gaps of two blanks and more keep the blanks inside a name; any blank does not."""
    text = (
        "行业        原煤    焦炭\n工业          12   3.5\n  农 林 牧 渔    1  \n  建筑业   2   …\n"
    )
    path = tmp_path / "set.txt"
    path.write_text(text, encoding="utf-8")
    layout = {
        "delimiter": "gaps",
        "row_labels": {1: "item"},
        "value_columns": [2, 3],
        "column_labels": "fuel",
        "unit": "万吨",
        "constants": JIANGSU_2020,
        "labels": {"item": {"农林牧渔": "农、林、牧、渔业"}},
        "missing_marks": {"…": "below_unit"},
    }
    cells = cells_of(describe(path, layout, BALANCE), vocabulary)
    assert [(c.labels["item"], c.number_text, c.value_status, c.fault) for c in cells] == [
        ("工业", "12", "", ""), ("工业", "3.5", "", ""),
        ("农、林、牧、渔业", "1", "", "row_ragged"), ("农、林、牧、渔业", "", "", "row_ragged"),
        ("建筑业", "2", "", ""), ("建筑业", "", "below_unit", ""),
    ]  # fmt: skip


# --- web pages and JSON --------------------------------------------------------------------------


def test_a_web_table_with_spans(tmp_path: Path, vocabulary: Vocabulary) -> None:
    page = """<?xml version="1.0" encoding="gb2312"?><html><body><table><tr><td>x</td></tr></table>
    <table><tr><th rowspan=2>行业<br>Sector</th><th colspan="2">2020年</th></tr>
    <tr><th>原煤<br/>Raw coal</th><th>焦炭</th></tr>
    <tr><td>工业<td>1<td>&nbsp;</tr></table></body></html>"""
    path = tmp_path / "page.htm"
    path.write_text(page, encoding="gb18030")
    layout = {
        "header_rows": [1, 2],
        "row_labels": {1: "item"},
        "column_labels": {1: "year", 2: "fuel"},
        "unit": "万吨",
        "constants": {"region": "江苏"},
    }
    cells = cells_of(describe(path, layout, BALANCE, encoding="gb18030"), vocabulary)
    assert shown(cells, "year", "item", "fuel") == [
        ("2020年", "工业", "原煤", "万吨", "1", ""),
        ("2020年", "工业", "焦炭", "万吨", "", "not_available"),
    ]


def test_json_keeps_the_digits_it_has(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Rows as an object of label to values, years in a list of their own."""
    path = tmp_path / "api.json"
    path.write_text('{"data": {"years": [2019, 2020], "rows": {"江苏": [1.10, null]}}}')
    layout = {
        "json_rows": "/data/rows",
        "json_columns": "/data/years",
        "row_labels": {1: "region"},
        "column_labels": "year",
        "unit": "亿千瓦时",
        "constants": {"item": "全社会用电量", "fuel": "电力"},
    }
    cells = cells_of(describe(path, layout, "jiangsu_yearbook_city_electricity"), vocabulary)
    assert shown(cells, "region", "year") == [
        ("江苏", "2019", "亿千瓦时", "1.10", ""),
        ("江苏", "2020", "亿千瓦时", "", "not_available"),
    ]


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["return.csv", "return.xlsx"])
def test_a_list_with_a_bilingual_heading_in_two_rows(name: str, tmp_path: Path) -> None:
    dataset = read_datasets()["park_returns_water"]
    columns = list(dataset.columns)
    rows = [
        [dataset.label_zh, *[""] * len(columns)],
        [*(f"{c.label_zh} *" if c.is_required else c.label_zh for c in columns), "不相干"],
        [*(c.label_en for c in columns), "stray"],
        [*(f"v{n}" for n in range(len(columns))), "x"],
    ]
    path = tmp_path / name
    path.write_bytes(_text(",")(rows) if name.endswith("csv") else _xlsx(rows))
    layout = {"kind": "records", "header_rows": [2, 3], "ignore_columns": [len(columns) + 1]}
    content = open_file(describe(path, layout, dataset.name))
    assert not content.fault, content.fault_detail
    batches = list(read_records(content, dataset))
    assert [batch.to_pylist() for batch in batches] == [
        [
            {
                "sheet_name": "Sheet" if name.endswith("xlsx") else "",
                "row_number": 4,
                **{column.name: f"v{n}" for n, column in enumerate(columns)},
            }
        ]
    ]


def test_years_of_a_list_are_those_of_a_matrix(vocabulary: Vocabulary) -> None:
    """2023.0 is what programs make of a column with a blank; what is no year stays as it is."""
    layout = Layout.model_validate({"kind": "records"})
    words = ListWords(read_datasets()["park_returns_water"], layout, vocabulary)
    printed = ["2023", "2023.0", "2023年度", "", "23", "2023.5", "2023年上半年"]
    years = words.meant(pa.RecordBatch.from_pydict({"year": printed}))["year"].to_pylist()
    assert years == ["2023", "2023", "2023", "", "23", "2023.5", "2023年上半年"]
