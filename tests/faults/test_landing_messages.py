"""What a Chinese message calls the columns of a list: as its file prints them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from landing_formats import deliver
from landing_tables import ENERGY, Place, balance, enterprise_energy

from orchestration.landing.land import land

NAME = "returns/energy.csv"
PRINTED = {"consumption_quantity": "消费合计", "fuel_code": "能源名称", "month": "月　份"}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, str], tuple[str, str, str]]:
    """Rule and messages of what is refused of a return with headings of its own, by row."""
    folder = tmp_path_factory.mktemp("messages")
    table = enterprise_energy(Place(3))
    month, fuel, unit = (ENERGY.index(name) + 1 for name in ("month", "fuel_code", "unit"))
    used = ENERGY.index("consumption_quantity") + 1
    for name, heading in PRINTED.items():
        table.put(1, ENERGY.index(name) + 1, heading)
    table.layout["fields"] = {"月份": "month"}
    table.put(2, used, "约四万")
    table.put(3, month, "13")
    table.put(4, fuel, "无烟渣煤")
    table.put(5, unit, "吨")
    for column in range(ENERGY.index("purchase_quantity") + 1, ENERGY.index("note") + 1):
        table.put(6, column, "")
    table.put(7, 3, "")
    deliver(folder / "data", NAME, table)
    database: Path = folder / "landed.duckdb"
    land(database, [folder / "data"])
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select row_number, column_name, rule, message, message_zh from quality.quarantine"
        ).fetchall()
    return {row: tuple(rest) for row, *rest in rows}


@pytest.mark.parametrize(
    ("row", "column", "rule", "english", "chinese"),
    [
        (2, "consumption_quantity", "value_not_a_number", "约四万", "消费合计{}消费合计：约四万"),
        (3, "month", "month_invalid", "13 is not one of", "月份{}月份：13 不是本行年份的"),
        (4, "fuel_code", "code_unknown", "无烟渣煤", "能源名称{}能源名称：无烟渣煤；"),
        (5, "unit", "unit_mismatch", "is no unit of", "计量单位{}计量单位：吨 不是 电力 的单位"),
        (6, "", "quantity_missing", "purchase_quantity", "购进量、消费合计、"),
        (7, "year", "value_missing", "nothing is given", "年份{}年份：未填。"),
    ],
)  # fmt: skip
def test_a_chinese_message_has_the_heading_of_the_file(
    said: dict, row: int, column: str, rule: str, english: str, chinese: str
) -> None:
    found, found_rule, message, message_zh = said[row]
    assert (found or "", found_rule) == (column, rule)
    assert english in message and f"row {row}" in message
    statement = message_zh.split("：")[1]
    assert chinese.format(f"列：{statement}：") in message_zh, message_zh
    assert not [name for name in ENERGY if "_" in name and name in message_zh]


@pytest.mark.parametrize(
    ("caption", "rule", "said"),
    [
        ("２０１７年能源消费", "content_year_mismatch", "2017"),
        ("二○一七年能源消费", "content_year_mismatch", "2017"),
        ("能源消费（１－６月）", "content_part_of_year", "1-6月"),
    ],
)
def test_a_caption_in_full_width_signs_is_read(
    tmp_path: Path, caption: str, rule: str, said: str
) -> None:
    """What it says against the sidecar was not seen before."""
    table = balance(Place(3))
    table.rows.insert(0, [caption, *[""] * (len(table.rows[0]) - 1)])
    for place in ("header_rows", "unit_row", "first_data_row"):
        table.layout[place] += 1
    deliver(tmp_path / "data", "yearbook/balance.csv", table)
    land(tmp_path / "landed.duckdb", [tmp_path / "data"])
    with duckdb.connect(str(tmp_path / "landed.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select distinct rule, contains(message, $said) from quality.quarantine", {"said": said}
        ).fetchall()
    assert found == [(rule, True)]
