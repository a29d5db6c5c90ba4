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

from orchestration.landing.land import land
from orchestration.landing.map.labels import month_of

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
    folder: Path, dataset: str, rows: list[list[Any]], merged: tuple[str, ...] = (), **layout: Any
) -> tuple[list[dict[str, Any]], dict[int, tuple[str, str]]]:
    """The rows of a workbook that landed, and rule and Chinese message of those that did not."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for places in merged:
        book.active.merge_cells(places)
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
