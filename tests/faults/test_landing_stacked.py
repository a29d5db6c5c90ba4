"""Several tables in one file: a fault refuses the table it spoils and names the cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from landing_formats import SHEET, describe, save, write
from landing_tables import FUELS, PROVINCES, Place, Table, balance

from orchestration.landing.land import land
from orchestration.landing.write.report import LandingReport

PLACES = [Place(number) for number in (1, 2, 3, 4, 5)]
HEIGHT = 20  # rows of a balance
GAP = 3
Landed = tuple[LandingReport, duckdb.DuckDBPyConnection]
CELLS = 18 * len(FUELS)


def workbook(edition: int = 0) -> Table:
    """A balance of each of several provinces, one below the other with a title, in one sheet."""
    rows: list[list[str]] = []
    blocks = []
    for place in PLACES:
        table = balance(place, edition)
        blank = [""] * (len(FUELS) + 1)
        rows += [list(blank) for _ in range(GAP - 1)] if rows else []
        rows.append([f"{PROVINCES[place.region]}能源平衡表", *blank[1:]])
        header = len(rows) + 1
        rows += table.rows
        layout = {"header_rows": header, "unit_row": header + 1, "first_data_row": header + 2}
        blocks.append(layout | {"constants": table.layout["constants"]})
    first = {"kind": "matrix", "row_labels": {1: "item"}, "column_labels": "fuel"}
    layout = first | blocks[0] | {"blocks": blocks[1:]}
    years = PLACES[0].year + edition
    return Table("energy_yearbook_energy_balance", rows, layout, years + 1)


def row_of(place: Place, row: int) -> int:
    """The row of the file in which a row of a province's balance stands, from 1."""
    return 1 + PLACES.index(place) * (HEIGHT + GAP) + row


@pytest.fixture
def landed(tmp_path: Path) -> Callable[..., Landed]:
    def run(*tables: Table) -> Landed:
        for number, table in enumerate(tables):
            data = write(table, "xlsx")
            save(tmp_path / "data", f"{number}.xlsx", data, describe(table, data, "5-1"))
        report = land(tmp_path / "x.duckdb", [tmp_path / "data"])
        for file in report.files:
            assert file.rows_read == file.rows_accepted + file.rows_quarantined
        return report, duckdb.connect(str(tmp_path / "x.duckdb"))

    return run


def refused(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        "select file_name, region_code, rule, count(*) from quality.quarantine "
        "group by all order by all"
    ).fetchall()


def test_tables_below_each_other_land_whole_and_what_is_between_is_no_data(landed) -> None:
    report, connection = landed(workbook(), workbook(1))
    assert refused(connection) == []
    assert report.rows_accepted == 2 * len(PLACES) * CELLS


def test_an_impossible_cell_is_refused_alone_where_the_rest_leaves_room_for_it(landed) -> None:
    """-1 for the coal of a sector: the total says how much it should have been."""
    table, place = workbook(), PLACES[3]
    table.put(row_of(place, 7), 2, "-1")
    report, connection = landed(table)
    assert refused(connection) == [("0.xlsx", place.region, "value_negative", 1)]
    (message,) = report.messages
    assert message.startswith(f"0.xlsx {SHEET} row {row_of(place, 7)} column 原煤: ")


def test_a_total_that_is_impossible_is_refused_alone(landed) -> None:
    table, place = workbook(), PLACES[2]
    table.put(row_of(place, 3), 2, "12..5")
    _, connection = landed(table)
    assert refused(connection) == [("0.xlsx", place.region, "value_not_a_number", 1)]


def test_a_row_that_nobody_can_name_is_refused_alone_if_the_rest_closes_with_it(landed) -> None:
    table, place = workbook(), PLACES[1]
    table.rows[row_of(place, 8) - 1][0] = "Row of another language"
    _, connection = landed(table)
    assert refused(connection) == [("0.xlsx", place.region, "label_unknown", len(FUELS))]


def test_what_does_not_close_with_what_was_refused_is_refused_with_it(landed) -> None:
    """A row without a name cannot hide a digit lost in another one."""
    table, place = workbook(), PLACES[1]
    table.rows[row_of(place, 8) - 1][0] = "Row of another language"
    table.scale(row_of(place, 3), 2, "0.1")
    _, connection = landed(table)
    assert refused(connection) == [
        ("0.xlsx", place.region, "label_unknown", len(FUELS)),
        ("0.xlsx", place.region, "total_mismatch", CELLS - len(FUELS)),
    ]


def test_a_wrong_total_refuses_its_own_table_and_names_its_cell(landed) -> None:
    table = workbook()
    for place in (PLACES[2], PLACES[4]):
        table.scale(row_of(place, 3), 2, "0.1")
    report, connection = landed(table)
    assert refused(connection) == sorted(
        ("0.xlsx", place.region, "total_mismatch", CELLS) for place in (PLACES[2], PLACES[4])
    )
    assert len(report.messages) == 2
    for place, message, message_zh in zip(
        (PLACES[2], PLACES[4]), report.messages, report.messages_zh, strict=True
    ):
        row = row_of(place, 3)
        assert f"原煤 Total Final Consumption ({SHEET} row {row} column 2): parts " in message
        assert f"{SHEET}第{row}行第2列）：分项之和 " in message_zh
        assert f"(and {CELLS - 1} more like it)" in message


@pytest.mark.parametrize("rule", ["unit_scale", "rows_missing", "content_copied", "rows_shifted"])
def test_a_table_is_compared_with_its_own_edition_and_refused_alone(landed, rule: str) -> None:
    table, place = workbook(1), PLACES[3]
    first, last = row_of(place, 3), row_of(place, HEIGHT)
    rows = range(first, last + 1)
    match rule:
        case "unit_scale":
            for row in rows:
                for column in range(2, len(FUELS) + 2):
                    table.scale(row, column, "0.01")
        case "rows_missing":
            # the office left out most sectors: only what the other rows do not need
            for row in range(first + 1, first + 8):
                table.rows[row - 1] = [""] * (len(FUELS) + 1)
            table.rows[first - 1][1:] = [""] * len(FUELS)
        case "content_copied":
            other = row_of(PLACES[0], 3)
            for step, row in enumerate(rows):
                table.rows[row - 1] = list(table.rows[other + step - 1])
        case "rows_shifted":
            for row in range(first + 3, first + 14):
                table.rows[row - 1][1:] = table.rows[row][1:]
            table.rows[first + 13][1:] = [""] * len(FUELS)
    _, connection = landed(workbook(), table)
    found = refused(connection)
    assert {(name, region, found_rule) for name, region, found_rule, _ in found} == {
        ("1.xlsx", place.region, rule)
    }


def test_tables_are_told_one_by_one_and_the_last_counts_the_rest(
    landed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.landing.write.report.TABLES_TOLD", 2)
    table = workbook()
    for place in PLACES[1:]:
        table.scale(row_of(place, 3), 2, "0.1")
    report, _ = landed(table)
    assert len(report.messages) == 2
    assert f"(and {CELLS - 1} more like it)" in report.messages[0]
    assert f"(and {3 * CELLS - 1} more like it)" in report.messages[1]


def test_provinces_stacked_in_one_list_of_rows_are_tables_too(landed) -> None:
    """Region and year in columns of their own, as a database gives them."""
    rows = [["地区", "年份", "项目", *FUELS]]
    units = balance(PLACES[0]).rows[1][1:]
    rows.append(["", "", "单位", *units])
    for place in PLACES:
        rows += [[place.region, str(place.year), *row] for row in balance(place).rows[2:]]
    layout = {
        "kind": "matrix",
        "header_rows": 1,
        "unit_row": 2,
        "first_data_row": 3,
        "row_labels": {1: "region", 2: "year", 3: "item"},
        "column_labels": "fuel",
    }
    table = Table("energy_yearbook_energy_balance", rows, layout, PLACES[0].year + 1)
    table.scale(3 + 18 * 2, 4, "0.1")
    _, connection = landed(table)
    assert refused(connection) == [("0.xlsx", PLACES[2].region, "total_mismatch", CELLS)]


def test_rows_between_tables_are_no_data_where_labels_are_filled_down(landed) -> None:
    """The province is printed once; a blank row has neither a label of its own nor a value."""
    rows = [["地区", "项目", *FUELS], ["", "单位", *balance(PLACES[0]).rows[1][1:]]]
    for place in PLACES:
        for number, row in enumerate(balance(place).rows[2:]):
            rows.append([place.region if number == 0 else "", *row])
        rows += [["", "", *([""] * (len(FUELS) - 1)), " "] for _ in range(GAP)]
    layout = {
        "kind": "matrix",
        "header_rows": 1,
        "unit_row": 2,
        "first_data_row": 3,
        "row_labels": {1: "region", 2: "item"},
        "fill_row_labels": True,
        "column_labels": "fuel",
        "constants": {"year": str(PLACES[0].year)},
    }
    table = Table("energy_yearbook_energy_balance", rows, layout, PLACES[0].year + 1)
    report, connection = landed(table)
    assert refused(connection) == []
    assert report.rows_accepted == len(PLACES) * CELLS
