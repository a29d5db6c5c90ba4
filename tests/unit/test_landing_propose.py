"""A mapping proposed for a table nobody described: what lands by it, what is left to say."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml
from click.testing import CliRunner, Result

from orchestration import cli
from orchestration.errors import GreenparkError
from orchestration.landing.land import land
from orchestration.landing.map.catalogue import read_datasets
from orchestration.landing.map.cell import Cell
from orchestration.landing.map.lists import read_records
from orchestration.landing.map.tables import read_cells
from orchestration.landing.map.vocabulary import Meaning, Vocabulary, read_vocabulary
from orchestration.landing.read.files import FileContent, RawFile
from orchestration.landing.read.sidecar import Layout, Sidecar, read_sidecar
from orchestration.proposing import propose
from orchestration.proposing.proposal import Answers, Proposal, find_totals, nearest
from orchestration.serving import landing_proposal
from orchestration.settings import PROJECT_ROOT

DATASETS = read_datasets()
SHIPPED = sorted(
    path
    for folder in ("raw", "report")
    for path in (PROJECT_ROOT / "seeds" / folder).rglob("*.yml")
)
BALANCE = "energy_yearbook_energy_balance"
CITIES = "jiangsu_yearbook_city_electricity"
SOURCE = ["--source-id", "x1", "--publisher", "统计局", "--edition", "2021", "--licence", "none",
          "--citation", "yearbook"]  # fmt: skip


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary()


def content_of(
    path: Path, layout: dict[str, Any] | Layout, encoding: str, dataset: str = ""
) -> FileContent:
    read = layout if isinstance(layout, Layout) else Layout.model_validate(layout)
    sidecar = Sidecar.model_construct(dataset=dataset, encoding=encoding, layout=read)
    return FileContent(RawFile(path, path.name, 0), "", 0, sidecar)


def rows_of(content: FileContent, dataset: str, vocabulary: Vocabulary) -> list[Any]:
    if DATASETS[dataset].kind == "matrix":
        return list(read_cells(content, vocabulary))
    batches = read_records(content, DATASETS[dataset])
    return [row if isinstance(row, Cell) else row.to_pylist() for row in batches]


# --- the shipped files ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_lands_alike_without_its_sidecar(
    path: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """The same cells, once told what the file itself does not print; that it must ask for."""
    described = read_sidecar(path)
    alone = tmp_path / path.with_suffix(".csv").name
    shutil.copyfile(path.with_suffix(".csv"), alone)
    dataset = DATASETS[described.dataset]
    answers = Answers()
    first = propose.propose(alone, dataset, vocabulary, answers)
    layout = described.layout
    inputs = layout.transformation_inputs
    said = layout.constants | layout.field_values
    said |= {"transformation_inputs": inputs} if inputs else {}
    unsaid = {entry.name for entry in first.missing} & {*dataset.concepts, "unit", *said}
    assert unsaid <= {*said, *({"unit"} if layout.unit else set())}
    answers.constants = {name: said[name] for name in unsaid - {"unit"}}
    answers.unit = layout.unit if "unit" in unsaid else None
    proposal = propose.propose(alone, dataset, vocabulary, answers)
    assert proposal.unknown == []
    assert {entry.name for entry in proposal.missing} == {
        "source_id", "publisher", "edition_year", "licence", "url_or_citation",
    }  # fmt: skip
    assert proposal.encoding == described.encoding
    assert rows_of(
        content_of(alone, proposal.layout, proposal.encoding), dataset.name, vocabulary
    ) == rows_of(content_of(alone, layout, described.encoding), dataset.name, vocabulary)
    # A year in a file's name may be the edition's: it is a suggestion, never an answer.
    if "year" in unsaid:
        assert "year" not in first.layout.get("constants", {})


# --- tables made here ----------------------------------------------------------------------------


def workbook(path: Path, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([None if text == "" else text for text in row])
    for place in merged:
        book.active.merge_cells(place)
    book.save(path)
    return path


def text(path: Path, rows: list[list[str]], encoding: str = "utf-8", sign: str = ",") -> Path:
    sink = io.StringIO()
    csv.writer(sink, delimiter=sign).writerows(rows)
    path.write_bytes(sink.getvalue().encode(encoding))
    return path


def by_labels(proposal: Proposal, vocabulary: Vocabulary, *concepts: str) -> dict[Any, Any]:
    """Number or status of each cell by its labels and unit."""
    layout = dict(proposal.layout)
    missing = {entry.name for entry in proposal.missing} & set(proposal.dataset.concepts)
    layout["constants"] = dict.fromkeys(missing, "?") | layout.get("constants", {})
    cells = list(read_cells(content_of(proposal.path, layout, proposal.encoding), vocabulary))
    assert not [cell for cell in cells if cell.fault]
    found = {
        (*(cell.labels[name] for name in concepts), cell.unit_label): cell.number_text
        or cell.value_status
        for cell in cells
    }
    assert len(found) == len(cells)
    return found


def test_headings_merged_down_to_a_row_with_nothing_of_its_own(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Case mart-02: a blank row stands between them and the figures."""
    path = workbook(
        tmp_path / "gdp.xlsx",
        [
            ["2-1 地区生产总值", "", ""],
            ["年份", "地区生产总值（亿元）", "第一产业（亿元）"],
            ["", "", ""],
            ["", "", ""],
            ["", "", ""],
            [2019, 100.5, 10.1],
            [2020, 101.5, 11.1],
        ],
        ("A1:C1", "A2:A4", "B2:B4", "C2:C4"),
    )
    proposal = propose.propose(path, DATASETS["china_yearbook_gdp"], vocabulary, Answers())
    assert proposal.layout["header_rows"] == [2, 3, 4]
    assert proposal.layout["row_labels"] == {1: "year"}
    assert by_labels(proposal, vocabulary, "year", "indicator") == {
        ("2019", "地区生产总值", "亿元"): "100.5",
        ("2019", "第一产业", "亿元"): "10.1",
        ("2020", "地区生产总值", "亿元"): "101.5",
        ("2020", "第一产业", "亿元"): "11.1",
    }


def test_a_cell_merged_across_is_one_value(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Case mart-03: years over A:C, product over D:E in every row; F is blank but a column."""
    rows = [
        ["年份", "", "", "地区生产总值（亿元）", "", "第一产业（亿元）", "第二产业（亿元）"],
        [2019, "", "", 100.5, "", "", 40.1],
        [2020, "", "", 101.5, "", "", 41.1],
    ]
    merged = [f"{span[0]}{row}:{span[1]}{row}" for row in (1, 2, 3) for span in ("AC", "DE")]
    path = workbook(tmp_path / "gdp.xlsx", rows, tuple(merged))
    proposal = propose.propose(path, DATASETS["china_yearbook_gdp"], vocabulary, Answers())
    assert proposal.layout["ignore_columns"] == [2, 3, 5]
    assert by_labels(proposal, vocabulary, "year", "indicator") == {
        ("2019", "地区生产总值", "亿元"): "100.5",
        ("2019", "第一产业", "亿元"): "not_available",
        ("2019", "第二产业", "亿元"): "40.1",
        ("2020", "地区生产总值", "亿元"): "101.5",
        ("2020", "第一产业", "亿元"): "not_available",
        ("2020", "第二产业", "亿元"): "41.1",
    }


def test_a_regional_balance_with_two_levels_of_heading(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    path = workbook(
        tmp_path / "balance.xlsx",
        [
            ["5-3 江苏省地区能源平衡表（实物量）（2020年）"],
            ["Energy Balance of Jiangsu (2020)"],
            ["项    目\nItem", "煤合计\nCoal", "其中：\nof which", "", "油品合计", "", "天然气"],
            ["", "", "原煤\nRaw Coal", "洗精煤", "", "其中：汽油", ""],
            ["", "（万吨）", "（万吨）", "（万吨）", "（万吨）", "（万吨）", "（亿立方米）"],
            ["一、可供本地区消费的能源量", "25,000.5", 21000, 4000.5, 3000, 500, 300],
            ["二、加工转换投入(-)产出(+)量", "-15,000.5", -15000, -0.5, "-", "…", -50],
            ["  1.火力发电", -14000, -14000, "", -1, "", -50],
            ["四、终端消费量", 4500, 3000, 1500, 2900, 490, 250],
            ["  2.工 业", 4000, 2800, 1200, 500, 20, 200],
            ["    #用作原料、材料", 800, 800, "", "", "", 2],
            ["注：本表为初步数。"],
        ],
        ("A1:G1", "A2:G2", "A3:A5", "B3:B4", "C3:D3", "E3:E4", "G3:G4"),
    )
    proposal = propose.propose(path, DATASETS[BALANCE], vocabulary, Answers())
    assert proposal.layout | {"missing_marks": {}} == {
        "kind": "matrix",
        "header_rows": [3, 4],
        "row_labels": {1: "item"},
        "column_labels": "fuel",
        "unit_row": 5,
        "constants": {"region": "江苏省", "year": 2020},
        "missing_marks": {},
        "totals": [{"concept": "fuel", "total": "煤合计", "parts": ["原煤", "洗精煤"]}],
    }
    assert proposal.layout["missing_marks"] == {
        "": "not_available", "-": "not_available", "…": "below_unit",
    }  # fmt: skip
    assert [note.en.split(" is ")[0] for note in proposal.notes] == ["-"]
    assert proposal.unknown == []
    assert proposal.sidecar["table_number"] == "5-3"
    assert proposal.sidecar["title_en"] == "Energy Balance of Jiangsu (2020)"
    found = by_labels(proposal, vocabulary, "item", "fuel")
    assert found["二、加工转换投入(-)产出(+)量", "煤合计", "万吨"] == "-15,000.5"
    assert found["工业", "天然气", "亿立方米"] == "200"
    assert found["#用作原料、材料", "天然气", "亿立方米"] == "2"
    assert found["火力发电", "洗精煤", "万吨"] == "not_available"
    assert len(found) == 36


def test_industries_side_by_side_with_a_caption_unit(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = [
        ["表7-6 规模以上工业分行业能源消费量（2019年）", "", "", "", "", ""],
        ["", "", "", "", "", "单位：万吨"],
        ["行业", "原煤", "焦炭", "行业（续）", "原煤", "焦炭"],
        ["工业", "1,234.5", "２．５", "橡胶和塑料制品业", "5", "—"],
        ["煤炭开采和洗选业", "3", "4", "非金属矿物制品业", "7", "8"],
        ["纺 织 业", "3", "…", "", "", ""],
    ]
    path = text(tmp_path / "beside.csv", rows, "gb18030")
    proposal = propose.propose(path, DATASETS[BALANCE], vocabulary, Answers())
    assert proposal.layout["blocks"] == [{"row_labels": {4: "item"}, "value_columns": [5, 6]}]
    assert proposal.layout["unit_cell"] == [2, 6]
    assert proposal.layout["constants"] == {"year": 2019}
    assert "region" in {entry.name for entry in proposal.missing}
    assert by_labels(proposal, vocabulary, "item", "fuel") == {
        ("工业", "原煤", "万吨"): "1,234.5", ("工业", "焦炭", "万吨"): "2.5",
        ("煤炭开采和洗选业", "原煤", "万吨"): "3", ("煤炭开采和洗选业", "焦炭", "万吨"): "4",
        ("纺织业", "原煤", "万吨"): "3", ("纺织业", "焦炭", "万吨"): "below_unit",
        ("橡胶和塑料制品业", "原煤", "万吨"): "5",
        ("橡胶和塑料制品业", "焦炭", "万吨"): "not_available",
        ("非金属矿物制品业", "原煤", "万吨"): "7", ("非金属矿物制品业", "焦炭", "万吨"): "8",
    }  # fmt: skip


def test_cities_of_a_web_page_with_footnotes(tmp_path: Path, vocabulary: Vocabulary) -> None:
    rows = "".join(
        f"<tr><td>{name}<td>{english}<td>{one}<td>{two}</tr>"
        for name, english, one, two in [
            ("南 京 市①", "Nanjing", "604.1", "…"),
            ("无 锡 市", "Wuxi", "732.81", "750.82*"),
            ("#江 阴 市", "Jiangyin", "1", "2"),
        ]
    )
    path = tmp_path / "cities.html"
    path.write_text(
        "<html><table><tr><td>nav</table><table><tr><td colspan=4>9-10 分市全社会用电量</tr>"
        "<tr><td colspan=4>计量单位：万千瓦小时</tr>"
        f"<tr><th>城 市<th>City<th>2018年<th>2019年</tr>{rows}"
        "<tr><td colspan=4>注：①含江北新区。</tr></table></html>",
        encoding="gb18030",
    )
    proposal = propose.propose(path, DATASETS[CITIES], vocabulary, Answers())
    assert proposal.encoding == "gb18030"
    assert proposal.layout["footnote_marks"] == ["*", "①"]
    assert [(entry.printed, entry.cells) for entry in proposal.unknown] == [("江阴市", 2)]
    assert by_labels(proposal, vocabulary, "region", "year", "item") == {
        ("南京市", "2018年", "全社会用电量", "万千瓦小时"): "604.1",
        ("南京市", "2019年", "全社会用电量", "万千瓦小时"): "below_unit",
        ("无锡市", "2018年", "全社会用电量", "万千瓦小时"): "732.81",
        ("无锡市", "2019年", "全社会用电量", "万千瓦小时"): "750.82",
        ("江阴市", "2018年", "全社会用电量", "万千瓦小时"): "1",
        ("江阴市", "2019年", "全社会用电量", "万千瓦小时"): "2",
    }


def test_years_down_with_a_continuation_below(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = workbook(
        tmp_path / "down.xlsx",
        [
            ["江苏发电量"],
            ["单位：亿千瓦时"],
            ["年 份", "发电量", "", "核能发电量"],
            ["Year"],
            [2015, 4361, "", 166],
            [2016, 4709, "", 154],
            ["续表1"],
            ["单位：万千瓦时"],
            ["年 份", "水力发电量", "火力发电量"],
            [2015, 120000, 41040000],
            [2016, 170000, 44030000],
        ],
    )
    dataset = DATASETS["energy_yearbook_electricity_generation"]
    proposal = propose.propose(path, dataset, vocabulary, Answers())
    assert proposal.layout["blocks"] == [{"header_rows": [9], "unit_cell": [8, 1]}]
    assert by_labels(proposal, vocabulary, "year", "item") == {
        ("2015", "发电量", "亿千瓦时"): "4361", ("2015", "核能发电量", "亿千瓦时"): "166",
        ("2016", "发电量", "亿千瓦时"): "4709", ("2016", "核能发电量", "亿千瓦时"): "154",
        ("2015", "水力发电量", "万千瓦时"): "120000",
        ("2015", "火力发电量", "万千瓦时"): "41040000",
        ("2016", "水力发电量", "万千瓦时"): "170000",
        ("2016", "火力发电量", "万千瓦时"): "44030000",
    }  # fmt: skip


def test_years_over_fuels_printed_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    rows = [
        ["表９－５　江苏分行业主要能源消费量", "", "", "", ""],
        ["", "", "", "", "单位：万吨"],
        ["行业", "2019年", "", "2020年", ""],
        ["", "原煤", "焦炭", "原煤", "焦炭"],
        ["工业", "１２３．４", "5", "6", "1 234.5"],
        ["其中：纺织业", "1", "2", "3", "4"],
    ]
    path = text(tmp_path / "levels.csv", rows, "utf-16", ";")
    proposal = propose.propose(path, DATASETS[BALANCE], vocabulary, Answers())
    assert proposal.layout["column_labels"] == {3: "year", 4: "fuel"}
    assert proposal.sub_items == {"其中": 1}
    assert by_labels(proposal, vocabulary, "year", "item", "fuel") == {
        ("2019年", "工业", "原煤", "万吨"): "123.4", ("2019年", "工业", "焦炭", "万吨"): "5",
        ("2020年", "工业", "原煤", "万吨"): "6", ("2020年", "工业", "焦炭", "万吨"): "1,234.5",
        ("2019年", "纺织业", "原煤", "万吨"): "1", ("2019年", "纺织业", "焦炭", "万吨"): "2",
        ("2020年", "纺织业", "原煤", "万吨"): "3", ("2020年", "纺织业", "焦炭", "万吨"): "4",
    }  # fmt: skip


def test_a_text_set_with_gaps(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "gaps.txt"
    path.write_text(
        "5-6  江苏主要能源品种消费量\n                         单位：万吨\n"
        "品种          2018年      2019年\n原 煤         1,000.5      900\n"
        "#洗精煤          20         -\n焦 炭            5         …\n",
        encoding="utf-8",
    )
    dataset = DATASETS["jiangsu_yearbook_industrial_fuel_use"]
    proposal = propose.propose(path, dataset, vocabulary, Answers(marks={"-": "zero"}))
    assert proposal.layout["delimiter"] == "gaps"
    assert by_labels(proposal, vocabulary, "fuel", "year") == {
        ("原煤", "2018年", "万吨"): "1,000.5", ("原煤", "2019年", "万吨"): "900",
        ("洗精煤", "2018年", "万吨"): "20", ("洗精煤", "2019年", "万吨"): "0",
        ("焦炭", "2018年", "万吨"): "5", ("焦炭", "2019年", "万吨"): "below_unit",
    }  # fmt: skip


def test_labels_by_depth_codes_and_numbers_of_rows(tmp_path: Path, vocabulary: Vocabulary) -> None:
    rows = [
        ["5-1 江苏能源平衡表（2021年）", "", "", "", "单位：万吨"],
        ["序号", "项目", "", "原煤", "焦炭"],
        ["1", "终端消费量", "", "9", "8"],
        ["2", "", "工业", "7", "6"],
        ["3", "", "建筑业", "2", "2"],
        ["4", "损失量", "", "0.1", "0.2"],
    ]
    path = text(tmp_path / "depth.csv", rows)
    proposal = propose.propose(path, DATASETS[BALANCE], vocabulary, Answers())
    assert proposal.layout["row_labels"] == {2: "item", 3: "item"}
    assert "fill_row_labels" not in proposal.layout
    assert by_labels(proposal, vocabulary, "item", "fuel") == {
        ("终端消费量", "原煤", "万吨"): "9", ("终端消费量", "焦炭", "万吨"): "8",
        ("工业", "原煤", "万吨"): "7", ("工业", "焦炭", "万吨"): "6",
        ("建筑业", "原煤", "万吨"): "2", ("建筑业", "焦炭", "万吨"): "2",
        ("损失量", "原煤", "万吨"): "0.1", ("损失量", "焦炭", "万吨"): "0.2",
    }  # fmt: skip


def test_years_below_two_items_are_not_taken_for_one(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = [
        ["各市用电量  (亿千瓦小时)"],
        ["地区", "全社会用电量", "", "工业用电量", ""],
        ["", 2019, 2020, 2019, 2020],
        ["南京市", 1.5, 2, 3, 4],
    ]
    path = workbook(tmp_path / "items.xlsx", rows, ("A1:E1", "A2:A3", "B2:C2", "D2:E2"))
    proposal = propose.propose(path, DATASETS[CITIES], vocabulary, Answers())
    assert proposal.layout["column_labels"] == {3: "year", 2: "item"}
    assert [(entry.printed, entry.cells) for entry in proposal.unknown] == [("工业用电量", 2)]
    assert by_labels(proposal, vocabulary, "item", "year") == {
        ("全社会用电量", "2019", "亿千瓦小时"): "1.5", ("全社会用电量", "2020", "亿千瓦小时"): "2",
        ("工业用电量", "2019", "亿千瓦小时"): "3", ("工业用电量", "2020", "亿千瓦小时"): "4",
    }  # fmt: skip


def test_a_workbook_with_a_sheet_for_each_year(tmp_path: Path, vocabulary: Vocabulary) -> None:
    book = openpyxl.Workbook()
    for year in (2019, 2020):
        sheet = book.active if year == 2019 else book.create_sheet()
        sheet.title = str(year)
        for row in (
            ["规模以上工业能源消费量"],
            ["单位：万吨"],
            ["行业", "原煤"],
            ["工业", year / 8],
        ):
            sheet.append(row)
    book.create_sheet("说明").append(["本表由统计局编制"])
    path = tmp_path / "years.xlsx"
    book.save(path)
    proposal = propose.propose(path, DATASETS[BALANCE], vocabulary, Answers())
    assert proposal.layout["ignore_sheets"] == ["说明"]
    assert proposal.layout["blocks"] == [{"constants": {"year": 2020}, "sheet": "2020"}]
    assert by_labels(proposal, vocabulary, "year", "item") == {
        ("2019", "工业", "万吨"): "252.375", ("2020", "工业", "万吨"): "252.5",
    }  # fmt: skip


def test_a_sheet_without_a_unit_does_not_take_that_of_another(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["能源品种", "单位", 2019, 2020],
        ["原煤", "万吨", 20.5, 21],
        ["焦炭", "万吨", 5, 6],
    ):
        book.active.append(row)
    for row in (["能源品种", 2019, 2020], ["煤油", 3, 4]):
        book.create_sheet("续表") if len(book.sheetnames) == 1 else None
        book["续表"].append(row)
    path = tmp_path / "sheets.xlsx"
    book.save(path)
    dataset = DATASETS["jiangsu_yearbook_industrial_fuel_use"]
    proposal = propose.propose(path, dataset, vocabulary, Answers())
    assert "unit" in {entry.name for entry in proposal.missing}
    assert proposal.layout["blocks"] == [{"unit": "?", "sheet": "续表"}]
    proposal = propose.propose(path, dataset, vocabulary, Answers(unit="吨"))
    assert by_labels(proposal, vocabulary, "fuel", "year") == {
        ("原煤", "2019", "万吨"): "20.5", ("原煤", "2020", "万吨"): "21",
        ("焦炭", "2019", "万吨"): "5", ("焦炭", "2020", "万吨"): "6",
        ("煤油", "2019", "吨"): "3", ("煤油", "2020", "吨"): "4",
    }  # fmt: skip


def test_shares_below_a_heading_of_fuels_are_no_fuels(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = [
        ["年份", "能源消费总量\n（万吨标准煤）", "构成(%)", ""],
        ["", "", "原煤", "天然气"],
        ["2019", "100", "60", "40"],
        ["2020", "110", "61", "39"],
    ]
    path = workbook(tmp_path / "shares.xlsx", rows, ("A1:A2", "B1:B2", "C1:D1"))
    dataset = DATASETS["jiangsu_yearbook_industrial_fuel_use"]
    proposal = propose.propose(path, dataset, vocabulary, Answers())
    assert proposal.matched == 0
    assert {entry.where for entry in proposal.unknown} == {"column 2", "column 3, column 4"}


def test_what_is_in_no_table_may_be_left_out_or_said(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = [
        ["地区", "2018", "比上年增长(%)"],
        ["南京", "5", "1"],
        ["火星", "6", "2"],
    ]
    path = text(tmp_path / "growth.csv", rows)
    kept = propose.propose(path, DATASETS[CITIES], vocabulary, Answers(unit="亿千瓦时"))
    assert [(u.concept, u.printed, u.where) for u in kept.unknown] == [
        ("year", "比上年增长(%)", "column 3"), ("region", "火星", "row 3"),
    ]  # fmt: skip
    assert kept.unknown[1].table == "seeds/reference/mappings/region_aliases.csv"
    assert kept.unknown[1].row == "火星,CODE"
    assert kept.unknown[1].override == "labels: {region: {火星: KNOWN}}"
    answers = Answers(unit="亿千瓦时", leave_out=True)
    left = propose.propose(path, DATASETS[CITIES], vocabulary, answers)
    assert left.unknown == []
    assert left.layout["ignore_columns"] == [3]
    assert left.layout["skip_labels"] == ["火星"]
    answers = Answers(unit="亿千瓦时", labels={"火星": "苏州市"})
    said = propose.propose(path, DATASETS[CITIES], vocabulary, answers)
    assert said.layout["labels"] == {"region": {"火星": "苏州市"}}
    with pytest.raises(GreenparkError, match="stands in no alias table"):
        propose.propose(path, DATASETS[CITIES], vocabulary, Answers(labels={"火星": "金星"}))


def test_the_nearest_label_is_proposed_only_if_near() -> None:
    known = {"化学纤维制造业": "28", "食品制造业": "14", "纺织业": "17"}
    assert nearest("3.化学纤维制造", known)[0].code == "28"
    assert nearest("房地产", known) == []


def meanings(**labels: str) -> dict[str, Meaning]:
    return {concept: Meaning(label, label) for concept, label in labels.items()}


def test_a_total_is_declared_only_where_it_adds_up() -> None:
    def cells(total: str) -> list[Cell]:
        values = {"合计": total, "原煤": "1.5", "焦炭": "2.25", "汽油": "3"}
        return [
            Cell(1, 1, "", text, number_text=text, meanings=meanings(fuel=label, year="2020"))
            for label, text in values.items()
        ]

    assert find_totals(cells("6.75"), ["fuel", "year"]) == [
        {"concept": "fuel", "total": "合计", "parts": ["原煤", "焦炭", "汽油"]}
    ]
    assert find_totals(cells("3.75"), ["fuel"])[0]["parts"] == ["原煤", "焦炭"]
    assert find_totals(cells("9"), ["fuel"]) == []


@pytest.mark.parametrize("form", ["return.csv", "return.xlsx"])
def test_a_return_with_headings_of_its_own(
    form: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    dataset = DATASETS["park_returns_water"]
    labels = [column.label_zh for column in dataset.columns]
    labels[0], extra = "园区编号", "心情"
    rows = [["园区用水情况", *[""] * len(labels)], [*labels, extra], [*"123456789", "王"]]
    path = text(tmp_path / form, rows) if form.endswith("csv") else workbook(tmp_path / form, rows)
    proposal = propose.propose(path, dataset, vocabulary, Answers())
    assert proposal.layout["header_rows"] == [2]
    assert [(u.printed, u.where) for u in proposal.unknown] == [
        ("园区编号", "column 1"), ("心情", f"column {len(rows[1])}"),
    ]  # fmt: skip
    assert proposal.unknown[0].nearest[0].code == "park_id"
    assert "park_id" in {entry.name for entry in proposal.missing}
    answers = Answers(labels={"园区编号": "park_id"}, leave_out=True)
    proposal = propose.propose(path, dataset, vocabulary, answers)
    assert proposal.layout["fields"] == {"园区编号": "park_id"}
    assert proposal.layout["ignore_columns"] == [len(rows[1])]
    assert proposal.notes == []
    found = rows_of(content_of(path, proposal.layout, "utf-8"), dataset.name, vocabulary)
    assert [row["park_id"] for batch in found for row in batch] == ["1"]


CO2 = "ceads_inventory_city_co2"


@pytest.mark.parametrize(
    ("above", "heading", "unit", "landed"),
    [
        ([], "co2_t", None, "7.25"),
        ([], "二氧化碳排放量（吨）", None, "7.25"),
        ([], "二氧化碳排放量（万吨）", None, "72500"),
        ([], "二氧化碳排放量\n（万吨二氧化碳）", None, "72500"),
        ([], "CO2 (Mt)", None, "7250000"),
        ([], "CO2, kt", None, "7250"),
        ([["单位：万吨"]], "二氧化碳排放量", None, "72500"),
        ([], "二氧化碳排放量", "百万吨", "7250000"),
        ([], "co2_t", "百万吨", "7250000"),
        # another dimension, a unit nobody knows, a unit against the heading, no unit at all
        ([], "二氧化碳排放量（万元）", None, "unknown"),
        ([], "二氧化碳排放量（百吨）", None, "unknown"),
        ([], "CO2 (Xg)", None, "unknown"),
        ([], "二氧化碳排放量", None, "unknown"),
        ([], "二氧化碳排放量（吨）", "万吨", "refused"),
    ],
)
def test_a_list_lands_in_the_unit_of_its_column(
    above: list[list[str]], heading: str, unit: str | None, landed: str, tmp_path: Path,
    vocabulary: Vocabulary,
) -> None:  # fmt: skip
    rows = [*above, ["region_code", "year", heading], ["320100", "2020", "7.25"]]
    (tmp_path / "data").mkdir()
    path = text(tmp_path / "data" / "list.csv", rows)
    answers = Answers(unit=unit, sidecar={"source_id": "x1", "publisher": "p", "edition_year": 2021,
                                          "licence": "none", "url_or_citation": "c"})  # fmt: skip
    proposal = propose.propose(path, DATASETS[CO2], vocabulary, answers)
    if landed == "unknown":
        assert [entry.concept for entry in proposal.unknown] == ["column"]
        # Said by hand to be the column, it is refused all the same, but for a heading without one.
        answers.labels = {heading: "co2_t"}
        proposal = propose.propose(path, DATASETS[CO2], vocabulary, answers)
    path.with_name("list.csv.yml").write_text(propose.sidecar_text(proposal), encoding="utf-8")
    land(tmp_path / "x.duckdb", [tmp_path / "data"])
    with duckdb.connect(str(tmp_path / "x.duckdb"), read_only=True) as connection:
        found = connection.execute(f"select co2_t from raw.{CO2}").fetchall()
        rules = connection.execute("select distinct rule from quality.quarantine").fetchall()
    if (landed == "unknown" and heading != "二氧化碳排放量") or landed == "refused":
        assert found == [] and rules == [("heading_unit_mismatch",)]
    else:
        assert found == [("7.25" if landed == "unknown" else landed,)]


def test_a_unit_option_of_another_dimension_is_refused(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = [["region_code", "year", "co2_t"], ["320100", "2020", "7.25"]]
    path = text(tmp_path / "list.csv", rows)
    with pytest.raises(GreenparkError, match="no column of this file is kept in such a unit"):
        propose.propose(path, DATASETS[CO2], vocabulary, Answers(unit="万元"))
    rows = [["9-10 分市全社会用电量 单位：亿千瓦时", ""], ["城市", "2022年"], ["南京市", "7"]]
    path = text(tmp_path / "matrix.csv", rows)
    with pytest.raises(GreenparkError, match="the file prints 亿千瓦时"):
        propose.propose(path, DATASETS[CITIES], vocabulary, Answers(unit="万千瓦时"))
    propose.propose(path, DATASETS[CITIES], vocabulary, Answers(unit="10^8 kWh"))


def test_without_its_quantities_a_list_is_not_proposed(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = [["企业编码", "能源品种", "计量单位", "1月", "2月"], ["E1", "raw_coal", "吨", "1", "2"]]
    path = text(tmp_path / "months.csv", rows)
    dataset = DATASETS["park_returns_enterprise_energy"]
    answers = Answers(constants={"park_id": "P1", "year": "2023"})
    proposal = propose.propose(path, dataset, vocabulary, answers)
    assert proposal.is_left_out_whole
    assert "--leave-out" not in landing_proposal.render(proposal, "en", None)
    answers.leave_out = True
    with pytest.raises(GreenparkError, match="no quantity is left"):
        propose.propose(path, dataset, vocabulary, answers)


def test_a_key_twice_in_a_sidecar_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "twice.yml"
    path.write_text("dataset: x\nlayout:\n  kind: matrix\n  unit: 吨\n  unit: 万吨\n")
    with pytest.raises(ValueError, match="the key unit stands twice"):
        read_sidecar(path)


def test_a_list_of_emissions_is_ranked_before_tables_of_product(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    rows = [["ID", "city", "year", "emission"], ["南京2018", "南京", "2018", "96.2"]]
    path = text(tmp_path / "rank.csv", rows)
    found = [p.dataset.name for p in propose.rank(path, DATASETS.values(), vocabulary, Answers())]
    inventories = {CO2, "edgar_inventory_city_co2"}
    assert inventories & {*found[:3]} and inventories <= {*found[:5]}
    assert "china_yearbook_gdp" not in found[:8]


def test_datasets_are_ranked_by_what_they_know(tmp_path: Path, vocabulary: Vocabulary) -> None:
    for stem, expected in (
        ("jiangsu_yearbook/city_electricity_2025", CITIES),
        ("energy_yearbook/energy_balance_320000_2018", BALANCE),
        ("energy_yearbook/electricity_generation_2023", "energy_yearbook_electricity_generation"),
        ("jiangsu_yearbook/industrial_fuel_use_2018", "jiangsu_yearbook_industrial_fuel_use"),
        ("china_yearbook/gdp_2018", "china_yearbook_gdp"),
        ("city_yearbooks/city_gdp", "city_yearbooks_city_gdp"),
    ):
        path = PROJECT_ROOT / "seeds" / "raw" / f"{stem}.csv"
        found = propose.rank(path, DATASETS.values(), vocabulary, Answers())
        assert found[0].dataset.name == expected, stem


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table without a sidecar, in a folder that is not the project's."""
    monkeypatch.setenv("GREENPARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "GREENPARK_DATA"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "bureau"
    folder.mkdir()
    rows = [
        ["9-10 分市全社会用电量", "", ""],
        ["单位：亿千瓦时", "", ""],
        ["地区", "2018年", "2019年"],
        ["南 京 市", "606.4", "621.53"],
        ["无 锡 市", "732.81", "…"],
        ["火星市", "1", "2"],
    ]
    return text(folder / "table.csv", rows)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def test_a_sidecar_is_written_and_the_file_checked_with_it(table: Path) -> None:
    result = run("describe", table, "--as", CITIES, *SOURCE, "--leave-out", "--yes")
    assert result.exit_code == 0, result.output
    assert "4 rows accepted, 0 quarantined" in result.stdout
    sidecar = read_sidecar(table.with_name("table.csv.yml"))
    assert sidecar.title_zh == "分市全社会用电量"
    assert sidecar.table_number == "9-10"
    assert sidecar.edition_year == 2021
    assert sidecar.layout.skip_labels == ["火星市"]
    assert run("check", table).exit_code == 0
    table.write_text(table.read_text().replace("606.4", "607.4"))
    changed = run("check", table)
    assert changed.exit_code == 1
    assert "sha256" in changed.stderr or "hash" in changed.stderr


def test_what_is_left_unknown_is_quarantined_and_said(table: Path) -> None:
    result = run("describe", table, "--as", CITIES, *SOURCE, "--yes", "--lang", "zh")
    assert result.exit_code == 1
    assert "火星市" in result.stderr
    assert "隔离 2 行" in result.stdout
    assert "在 seeds/reference/mappings/region_aliases.csv 中添加：\n  火星市,CODE" in result.stdout


def test_nothing_is_written_that_would_not_be_valid(table: Path) -> None:
    result = run("describe", table, "--as", CITIES, "--yes")
    assert result.exit_code == 1
    assert "not said by the file: source_id, publisher" in result.stderr
    assert "--source-id" in result.stderr
    assert not table.with_name("table.csv.yml").exists()


def test_without_a_terminal_it_does_not_wait(table: Path) -> None:
    result = run("describe", table, "--as", CITIES, *SOURCE)
    assert result.exit_code == 1
    assert "no terminal to ask on" in result.stderr
    assert "--yes" in result.stderr
    assert not table.with_name("table.csv.yml").exists()


def test_a_sidecar_is_not_replaced_unasked(table: Path) -> None:
    own = table.with_suffix(".yml")
    own.write_text("mine")
    result = run("describe", table, "--as", CITIES, *SOURCE, "--leave-out", "--yes")
    assert result.exit_code == 1
    assert "--force" in result.stderr
    assert own.read_text() == "mine"
    forced = run("describe", table, "--as", CITIES, *SOURCE, "--leave-out", "--yes", "--force")
    assert forced.exit_code == 0, forced.output
    assert read_sidecar(own).dataset == CITIES
    assert not table.with_name("table.csv.yml").exists()


def test_the_proposal_as_json(table: Path) -> None:
    found = json.loads(run("describe", table, "--as", CITIES, "--json").stdout)
    assert found["cells"] == 6
    assert found["cells_matched"] == 4
    assert found["years"] == ["2018", "2019"]
    assert found["layout"]["unit_cell"] == [2, 1]
    assert found["unknown"][0]["row"] == "火星市,CODE"
    assert found["preview"][0]["labels"]["region"] == "南京市"
    assert [entry["option"] for entry in found["missing"]] == [
        "--source-id", "--publisher", "--edition", "--licence", "--citation",
    ]  # fmt: skip
    assert not table.with_name("table.csv.yml").exists()


def test_a_publication_that_is_known_describes_itself(table: Path) -> None:
    arguments = ["--source-id", "jiangsu_yearbook_2025", "--leave-out", "--yes"]
    result = run("describe", table, "--as", CITIES, *arguments)
    assert result.exit_code == 0, result.output
    sidecar = read_sidecar(table.with_name("table.csv.yml"))
    assert sidecar.edition_year == 2025
    assert sidecar.publisher.startswith("江苏省统计局")


def test_without_a_dataset_the_fitting_ones_are_listed(table: Path) -> None:
    result = run("describe", table)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "--as" in lines[0]
    assert lines[3].startswith(CITIES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["describe", "missing.csv", "--as", CITIES], "no file"),
        (["describe", "{table}", "--as", "nonsense"], "no dataset nonsense"),
        (["describe", "{table}", "--as", CITIES, "--unit", "亿千瓦时", "--sheet", "2"], "no sheet"),
        (["describe", "--as", CITIES], "Missing argument 'FILE...'"),
        (["describe", "{table}", "--as", CITIES, "--set", "year"], "NAME=VALUE"),
        (["describe", "{table}", "--as", CITIES, "--set", "moon=1"], "has no moon"),
        (["describe", "{table}", "--as", CITIES, "--mark", "…=nothing"], "Input should be"),
        (["check", "{table}", "--data", "."], "either FILES or --data"),
        (["check", "missing.csv"], "no file"),
        (["land", "missing.csv"], "no file"),
        (["land", "--as", CITIES], "--as needs a FILE"),
        (["land", "{table}", "{table}", "--as", CITIES], "one FILE at a time"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(
    arguments: list[str], message: str, table: Path
) -> None:
    result = run(*(argument.format(table=table) for argument in arguments))
    assert result.exit_code in (1, 2)
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_is_no_table_says_so(table: Path) -> None:
    table.write_text("统计局关于开展年报工作的通知\n各市统计局：\n请于三月底前报送。\n")
    result = run("describe", table, "--as", CITIES)
    assert result.exit_code == 1
    assert "no table found" in result.stderr


def test_on_a_terminal_it_asks_for_what_is_missing(table: Path) -> None:
    """A person at a terminal: leaves out what is unknown, names the source, confirms."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "describe", str(table), "--as", CITIES],
        stdin=slave, stdout=slave, stderr=slave, close_fds=True, cwd=PROJECT_ROOT,
        env={**os.environ, "COLUMNS": "160", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    os.close(slave)
    answers = {
        "Leave out what is in no table?": "y",
        "source_id": "jiangsu_2020",
        "publisher": "江苏省统计局",
        "edition_year": "2020",
        "licence": "figures citable with source",
        "url_or_citation": "Jiangsu Statistical Yearbook 2020",
        "Write table.csv.yml?": "y",
    }
    shown = b""
    pending = list(answers.items())
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([master], [], [], 0.2)[0]:
            try:
                part = os.read(master, 4096)
            except OSError:  # the terminal is closed when the command is done
                break
            if not part:
                break
            shown += part
        tail = shown.decode(errors="replace").rsplit("\n", 1)[-1]
        if pending and tail.rstrip().startswith(pending[0][0]) and tail.rstrip().endswith(":"):
            os.write(master, f"{pending.pop(0)[1]}\n".encode())
            shown += b"\n"
    assert process.wait(timeout=30) == 0, shown.decode(errors="replace")
    os.close(master)
    assert pending == []
    sidecar = yaml.safe_load(table.with_name("table.csv.yml").read_text())
    assert sidecar["source_id"] == "jiangsu_2020"
    assert sidecar["layout"]["skip_labels"] == ["火星市"]
    assert "4 rows accepted" in shown.decode()


# --- the documentation ---------------------------------------------------------------------------


def test_the_walkthrough_shows_what_the_command_prints(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table and the command of CONTRIBUTING.md give the output printed there."""
    guide = (PROJECT_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.split("## A table nobody described")[1].split("\n## ")[0]
    printed, shown = [block.split("```")[0] for block in section.split("```text\n")[1:]]
    command, output = shown.split("\n", 1)
    folder = table.parent.with_name("doc")
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("cities.csv").write_text(printed, encoding="utf-8")
    assert command.startswith("$ greenpark describe cities.csv --as ")
    assert run(*command.split()[2:]).stdout == output


def test_every_key_of_a_sidecar_is_explained() -> None:
    guide = (PROJECT_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.split("## The sidecar")[1].split("\n## ")[0]
    keys = {*Sidecar.model_fields, *Layout.model_fields}
    explained = {
        key.strip("` ")
        for line in section.splitlines()
        if line.startswith("| `")
        for key in line.split("|")[1].split(",")
    }
    assert explained == keys


def test_what_the_caption_leaves_open_is_asked_for_in_chinese(tmp_path: Path) -> None:
    """A table of Inner Mongolia, whose caption says more than the dataset; the answer lands it."""
    path = tmp_path / "leagues.csv"
    path.write_text(
        '各盟市外购火电情况表\n单位：亿千瓦时\n地区,2021年,2022年\n包头市,"1,012.3",1105.2\n',
        encoding="utf-16",
    )
    asked = ["describe", path, "--as", "provincial_yearbooks_city_electricity", "--yes"]
    asked += ["--source-id", "inner_mongolia_yearbook_2023", "--lang", "zh"]
    result = run(*asked)
    assert "--set fuel=" in result.stdout and "也许是 电力" not in result.stdout
    assert "文件未说明：项目、能源品种" in result.stderr
    said = ["--publisher", "统计局", "--edition", "2023", "--licence", "none", "--citation", "x"]
    result = run(*asked, *said, "--set", "item=全社会用电量", "--set", "fuel=电力")
    assert result.exit_code == 0, result.stderr
    assert "接收 2 行" in result.stdout, result.stdout
