"""Return forms as people fill them in: what they mean lands, what nobody can know is refused."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml

from orchestration.errors import GreenparkError
from orchestration.forms import templates
from orchestration.landing.land import land
from orchestration.landing.map.labels import month_of
from orchestration.landing.map.vocabulary import read_vocabulary
from orchestration.proposing import propose
from orchestration.proposing.proposal import Answers, Proposal

EXCHANGE = ["园区编码", "企业编码", "年份", "月份", "载能工质", "购销方向", "数量", "计量单位"]
SIDECAR = {
    "source_id": "own_2025",
    "edition_year": 2025,
    "publisher": "园区",
    "title_zh": "自报",
    "title_en": "Own returns",
    "licence": "own",
    "url_or_citation": "returns",
    "encoding": "utf-8",
    "origin": "observed",
}


def landed(
    folder: Path,
    dataset: str,
    rows: list[list[Any]],
    merged: tuple[str, ...] = (),
    formats: dict[str, str] | None = None,
    **layout: Any,
) -> tuple[list[dict[str, Any]], dict[int, tuple[str, str]]]:
    """The rows of a workbook that landed, and rule and Chinese message of those that did not."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for places in merged:
        book.active.merge_cells(places)
    for place, code in (formats or {}).items():
        book.active[place].number_format = code
    path = folder / "data" / "填报.xlsx"
    path.parent.mkdir()
    book.save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    described = SIDECAR | {"dataset": dataset, "sha256": digest}
    described["layout"] = {"kind": "records"} | layout
    path.with_name("填报.xlsx.yml").write_text(yaml.safe_dump(described, allow_unicode=True))
    land(folder / "landed.duckdb", [path.parent])
    with duckdb.connect(str(folder / "landed.duckdb"), read_only=True) as connection:
        kept = connection.sql(f"select * from raw.{dataset} order by _row_number")
        found = [dict(zip(kept.columns, row, strict=True)) for row in kept.fetchall()]
        refused = connection.execute(
            "select row_number, rule, message_zh from quality.quarantine"
        ).fetchall()
    return found, {row: (rule, message) for row, rule, message in refused}


def power(month: Any, quantity: Any = 100, *more: Any) -> list[Any]:
    return ["P1", "E1", 2024, month, "电力", "购入", quantity, "万千瓦时", *more]


def test_a_month_is_read_as_it_is_written(tmp_path: Path) -> None:
    """A date, a name, a number with its year; one of another year is no month of the row."""
    months = [
        datetime(2024, 3, 1), "2024年4月", 202405, "Jun-24", "7月", "八月份", "2024-09",
        "２０２４年10月", "全年", datetime(2023, 11, 1), datetime(2024, 11, 15), 2024.1, "一季度",
        "合计",
    ]  # fmt: skip
    rows = [EXCHANGE, *(power(month, 100 + n) for n, month in enumerate(months))]
    kept, refused = landed(tmp_path, "park_returns_energy_exchange", rows)
    assert [(row["month"], row["quantity"]) for row in kept] == [
        *((str(month), str(97 + month)) for month in range(3, 11)), (None, "108"),
    ]  # fmt: skip
    assert {row: rule for row, (rule, _) in refused.items()} == dict.fromkeys(
        range(11, 16), "month_invalid"
    )
    assert "填报.xlsx Sheet 第11行 月份列" in refused[11][1]
    assert "2023-11-01 不是本行年份的 1 至 12 月" in refused[11][1]


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("3", None, "3"), ("3月", None, "3"), ("十二月", "2024", "12"), ("2024.03", "2024", "3"),
        ("2024年3月", None, "2024年3月"), ("24-Mar", "2024", "24-Mar"),
        ("Mar-23", "2024", "Mar-23"), ("2024-03-15", "2024", "2024-03-15"),
    ],
)  # fmt: skip
def test_a_month_without_its_year_is_no_month(text: str, year: str | None, month: str) -> None:
    assert month_of(text, year) == month


def test_a_merged_label_stands_in_each_row_and_a_merged_figure_in_none(tmp_path: Path) -> None:
    """The joint figure of two rows landed as that of the first."""
    rows = [EXCHANGE, power(1), power(2, 50), power(3, 60), power(4, 70)]
    merged = ("A2:A5", "C2:C5", "H2:H5", "G4:G5")
    kept, refused = landed(tmp_path, "park_returns_energy_exchange", rows, merged)
    assert [(row["park_id"], row["year"], row["quantity"], row["unit"]) for row in kept] == [
        ("P1", "2024", "100", "万千瓦时"), ("P1", "2024", "50", "万千瓦时"),
    ]  # fmt: skip
    assert {row: rule for row, (rule, _) in refused.items()} == dict.fromkeys(
        (4, 5), "value_merged"
    )
    assert "第5行 数量列" in refused[5][1] and "G4:G5" in refused[5][1]


def test_per_cent_is_a_hundredth_of_a_share(tmp_path: Path) -> None:
    """As text and as what a format shows; 35 of a share is still refused."""
    header = [*EXCHANGE, "可再生能源占比（小数）"]
    shares = [0.35, "35%", "３５．５ ％", 35, "百分之三十五"]
    rows = [header, *(power(n, 100, share) for n, share in enumerate(shares, start=1))]
    kept, refused = landed(tmp_path, "park_returns_energy_exchange", rows)
    assert [row["renewable_share"] for row in kept] == ["0.35", "0.35", "0.355"]
    assert {row: rule for row, (rule, _) in refused.items()} == {
        5: "value_out_of_range", 6: "value_not_a_number",
    }  # fmt: skip


def test_a_word_is_no_day(tmp_path: Path) -> None:
    """未核销, not retired, was a day on which it was retired."""
    header = [
        "绿证编号",
        "使用场景",
        "园区编码",
        "年份",
        "月份",
        "证书电量（兆瓦时）",
        "核销日期",
        "持有者",
    ]
    days = ["2024年5月6日", 20240506, datetime(2024, 5, 6), "2024/5/6", "未核销", "2024-02-30"]
    claims = enumerate([*days, None], start=1)
    rows = [[f"G{n}", "零碳园区核算", "P1", 2024, 1, 100, day, "甲"] for n, day in claims]
    kept, refused = landed(tmp_path, "park_returns_certificates", [header, *rows])
    assert [row["retired_on"] for row in kept] == ["2024-05-06"] * 4 + [None]
    assert [(row, rule) for row, (rule, _) in refused.items()] == [
        (6, "date_invalid"), (7, "date_invalid"),
    ]  # fmt: skip


def test_a_total_or_a_mark_is_no_code(tmp_path: Path) -> None:
    rows = [EXCHANGE, *(power(n) for n in range(1, 8))]
    for row, code in zip(rows[2:], ["合计", "全园合计", "-", "无", "/", None], strict=True):
        row[1] = code
    kept, refused = landed(tmp_path, "park_returns_energy_exchange", rows)
    assert [(row["month"], row["enterprise_id"]) for row in kept] == [("1", "E1"), ("7", None)]
    assert {rule for rule, _ in refused.values()} == {"code_is_total"}


def test_the_unit_in_a_cell_has_to_be_that_of_its_row(tmp_path: Path) -> None:
    """12 shown as 12万吨 landed as 12 t."""
    header = ["园区编码", "企业编码", "年份", "能源品种", "计量单位", "消费量合计"]
    used = [12, 12, "1,200 t", "1.2万吨"]
    rows = [["P1", f"E{n}", 2024, "原煤", "吨", value] for n, value in enumerate(used)]
    shown = {"F2": '0"吨"', "F3": '0"万吨"'}
    dataset = "park_returns_enterprise_energy"
    kept, refused = landed(tmp_path, dataset, [header, *rows], formats=shown)
    assert [row["consumption_quantity"] for row in kept] == ["12", "1200"]
    assert "12万吨" in refused[3][1] and "1.2万吨" in refused[5][1]


def test_a_heading_changed_in_one_language_is_no_heading_of_the_form(tmp_path: Path) -> None:
    """98,000 万千瓦时 landed as 98,000 MWh, since the English still said MWh."""
    header = ["园区编码", "年份", "统计口径", "用电量（万千瓦时）\nElectricity use (MWh)"]
    rows = [header, ["P1", 2024, "全区", 98000]]
    kept, refused = landed(tmp_path, "park_returns_park_facts", rows)
    assert kept == [] and {rule for rule, _ in refused.values()} == {"heading_unit_mismatch"}


def proposed(path: Path, sheets: dict[str, list[list[Any]]]) -> Proposal:
    """What is proposed for a workbook, as the form that it is found to be."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    vocabulary, answers = read_vocabulary(), Answers()
    found = propose.form_of(path, templates.forms().values(), vocabulary, answers)
    assert found
    return propose.propose(path, found, vocabulary, answers)


def test_columns_that_officers_add_are_left_out(tmp_path: Path) -> None:
    header = ["序号", *EXCHANGE, "填表人", "联系电话"]
    found = proposed(tmp_path / "a.xlsx", {"a": [header, [1, *power(1), "张三", 13800001234]]})
    assert found.dataset.name == "park_returns_energy_exchange"
    assert found.layout["ignore_columns"] == [1, 10, 11] and not found.unknown


def test_a_heading_in_two_rows_goes_on_in_the_second(tmp_path: Path) -> None:
    """What stood only in the second row was read by nobody."""
    upper = ["园区编码", "企业编码", "年份", "能源品种", "计量单位", "消费量", None]
    lower = [None] * 5 + ["合计", "其中：用于原材料"]
    data = ["P1", "E1", 2024, "原煤", "吨", 12, 3]
    found = proposed(tmp_path / "a.xlsx", {"a": [upper, lower, data]})
    assert found.layout["header_rows"] == [1, 2] and found.matched == 7


def test_a_sheet_for_each_enterprise_is_read_and_one_for_each_form_is_not(tmp_path: Path) -> None:
    sheets = {"E1": [EXCHANGE, power(1)], "E2": [EXCHANGE, power(2)]}
    assert proposed(tmp_path / "a.xlsx", sheets).layout["blocks"] == [{"sheet": "E2"}]
    energy = ["园区编码", "企业编码", "年份", "能源品种", "计量单位", "消费量合计"]
    used = [energy, ["P1", "E1", 2024, "原煤", "吨", 12]]
    with pytest.raises(GreenparkError) as refused:
        proposed(tmp_path / "b.xlsx", {"购销": [EXCHANGE, power(1)], "能源": used})
    assert "购销：园区电力、热力购销表" in refused.value.message_zh
    assert "各存为一个文件" in refused.value.remedy_zh


def test_what_does_not_apply_needs_no_quantity(tmp_path: Path) -> None:
    """A guiding indicator is left out with its reason; one that applies has a figure."""
    names = ["park_id", "year", "guiding_item", "is_applicable", "stated_reason", "limit_level"]
    said = [
        ("waste_pressure", "否", "没有余压"),
        ("waste_cold", "no", ""),
        ("waste_heat", "是", ""),
    ]
    rows = [names, *(["P1", 2024, item, applies, why, None] for item, applies, why in said)]
    kept, refused = landed(tmp_path, "park_returns_guiding_values", rows)
    assert [(row["guiding_item"], row["is_applicable"], row["stated_reason"]) for row in kept] == [
        ("waste_pressure", "false", "没有余压"), ("waste_cold", "false", None),
    ]  # fmt: skip
    assert {row: rule for row, (rule, _) in refused.items()} == {4: "quantity_missing"}
