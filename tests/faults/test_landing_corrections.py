"""What people decided about printed values holds while the values are what they were."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from landing_formats import deliver
from landing_tables import FACTS, Place, Table, fuel_use, park_facts

from expectations.rules import landing_rules
from expectations.runner import run_gate
from orchestration.errors import GreenparkError
from orchestration.landing.judge import corrections
from orchestration.landing.land import land

MATRIX, LIST = "yearbook/table.csv", "returns/facts.csv"
FOREVER = "9999-12-31"
Land = Callable[..., duckdb.DuckDBPyConnection]


def correction(**values: Any) -> dict[str, Any]:
    """A correction of the matrix at row 2, column 3, unless said otherwise."""
    return {
        "correction_id": "c1",
        "action": "replace",
        "file_name": MATRIX,
        "sheet_name": "",
        "row_number": 2,
        "column_number": 3,
        "column_name": "",
        "rule": "",
        "expected_text": "",
        "replacement_text": "",
        "reason_zh": "印刷错误",
        "reason_en": "misprint",
        "decided_by": "data team",
        "decided_on": "2026-01-31",
        "expires_on": FOREVER,
        "source_id": "",
    } | values


def of_the_list(**values: Any) -> dict[str, Any]:
    return correction(file_name=LIST, column_number="", column_name="coal_t") | values


def write_corrections(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, list(corrections.COLUMNS))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, Table]:
    """A sound matrix and a sound list, delivered."""
    made = {MATRIX: fuel_use(Place(3)), LIST: park_facts(Place(3))}
    for name, table in made.items():
        deliver(tmp_path / "data", name, table)
    return made


@pytest.fixture
def landed(tmp_path: Path) -> Land:
    """Return a function that lands the data folder with corrections and opens what came of it."""
    count = 0

    def run(*rows: dict[str, Any]) -> duckdb.DuckDBPyConnection:
        nonlocal count
        count += 1
        write_corrections(tmp_path / "data" / "corrections.csv", list(rows))
        database = tmp_path / f"{count}.duckdb"
        report = land(database, [tmp_path / "data"])
        for file in report.files:
            assert file.rows_read == file.rows_accepted + file.rows_quarantined
        return duckdb.connect(str(database))

    return run


def states(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select correction_id, state from quality.corrections order by all"
    ).fetchall()


def cell(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        """
        select value_text, number_text, value_status, _correction_id
        from raw.jiangsu_yearbook_industrial_fuel_use where _row_number = 2 and _column_number = 3
        """
    ).fetchall()


def refused(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute(
        "select file_name, row_number, column_number, rule from quality.quarantine order by all"
    ).fetchall()


def test_a_printed_number_is_replaced_and_stays_beside_it(tables, landed: Land) -> None:
    printed = tables[MATRIX].at(2, 3)
    connection = landed(correction(expected_text=printed, replacement_text="12.5"))
    assert cell(connection) == [(printed, "12.5", "reported", "c1")]
    assert states(connection) == [("c1", "applied")]
    assert refused(connection) == []


def test_a_misprint_is_replaced_before_it_is_judged(tmp_path, tables, landed: Land) -> None:
    tables[MATRIX].put(2, 3, "12..5")
    deliver(tmp_path / "data", MATRIX, tables[MATRIX])
    assert refused(landed()) == [(MATRIX, 2, 3, "value_not_a_number")]
    connection = landed(correction(expected_text="12..5", replacement_text="12.5"))
    assert cell(connection) == [("12..5", "12.5", "reported", "c1")]
    assert refused(connection) == []


def test_a_blank_is_filled_in_from_another_source(tmp_path, tables, landed: Land) -> None:
    tables[MATRIX].put(2, 3, "")
    deliver(tmp_path / "data", MATRIX, tables[MATRIX])
    assert cell(landed()) == [("", None, "not_available", None)]
    connection = landed(correction(expected_text="", replacement_text="12.5"))
    assert cell(connection) == [("", "12.5", "reported", "c1")]


def test_a_replacement_is_judged_as_a_printed_value_is(tables, landed: Land) -> None:
    printed = tables[MATRIX].at(2, 3)
    connection = landed(correction(expected_text=printed, replacement_text="about 12"))
    assert refused(connection) == [(MATRIX, 2, 3, "value_not_a_number")]


def test_a_printed_number_is_rejected(tables, landed: Land) -> None:
    connection = landed(correction(action="reject", expected_text=tables[MATRIX].at(2, 3)))
    assert refused(connection) == [(MATRIX, 2, 3, "rejected_by_correction")]
    (message,) = connection.execute("select message from quality.quarantine").fetchone()
    assert "c1: misprint" in message


def test_a_negative_number_is_accepted_cell_by_cell(tmp_path, tables, landed: Land) -> None:
    for column in (3, 4):
        tables[MATRIX].put(2, column, "-7")
    deliver(tmp_path / "data", MATRIX, tables[MATRIX])
    connection = landed(correction(action="accept", rule="value_negative", expected_text="-7"))
    assert refused(connection) == [(MATRIX, 2, 4, "value_negative")]
    assert cell(connection) == [("-7", "-7", "reported", None)]


def test_a_whole_file_is_accepted_while_it_is_the_same_file(tmp_path, tables, landed: Land) -> None:
    later = fuel_use(Place(3), 1)
    for row in range(2, 12):
        for column in later.value_columns:
            later.scale(row, column, "100")
    later.layout["constants"]["item"] = tables[MATRIX].layout["constants"]["item"]
    sha256 = deliver(tmp_path / "data", "yearbook/later.csv", later)
    whole = correction(
        action="accept",
        file_name="yearbook/later.csv",
        row_number="",
        column_number="",
        rule="unit_scale",
        expected_text=sha256,
    )
    assert {row[3] for row in refused(landed())} == {"unit_scale"}
    connection = landed(whole, whole | {"correction_id": "c2", "rule": "value_jump"})
    assert refused(connection) == []
    later.scale(2, 3, "1.01")
    deliver(tmp_path / "data", "yearbook/later.csv", later)
    connection = landed(whole)
    assert states(connection) == [("c1", "expectation_failed")]
    assert {row[3] for row in refused(connection)} == {"unit_scale"}


def test_a_number_of_a_list_is_replaced(tables, landed: Land) -> None:
    printed = tables[LIST].at(2, FACTS.index("coal_t") + 1)
    connection = landed(of_the_list(expected_text=printed, replacement_text="300001"))
    found = "select coal_t from raw.park_returns_park_facts where _row_number = 2"
    assert connection.execute(found).fetchall() == [("300001",)]
    assert states(connection) == [("c1", "applied")]


def test_a_row_of_a_list_is_rejected(tables, landed: Land) -> None:
    printed = tables[LIST].at(4, FACTS.index("coal_t") + 1)
    connection = landed(of_the_list(action="reject", row_number=4, expected_text=printed))
    assert refused(connection) == [(LIST, 4, 0, "rejected_by_correction")]


def test_a_number_of_a_list_is_accepted(tmp_path, tables, landed: Land) -> None:
    for row in (2, 3):
        tables[LIST].put(row, FACTS.index("coal_t") + 1, "-3")
    deliver(tmp_path / "data", LIST, tables[LIST])
    accept = of_the_list(action="accept", rule="value_negative", expected_text="-3")
    out_of_range = accept | {"correction_id": "c2", "rule": "value_out_of_range"}
    connection = landed(accept, out_of_range)
    assert refused(connection) == [(LIST, 3, 0, "value_negative")]


def test_a_jump_in_a_list_is_accepted(tmp_path, tables, landed: Land) -> None:
    column = FACTS.index("employees") + 1
    tables[LIST].scale(5, column, "20")
    deliver(tmp_path / "data", LIST, tables[LIST])
    assert refused(landed()) == [(LIST, 5, 0, "value_jump")]
    accept = {"action": "accept", "rule": "value_jump", "column_name": "employees"}
    text = tables[LIST].at(5, column)
    assert refused(landed(of_the_list(**accept, row_number=5, expected_text=text))) == []


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"expected_text": "another", "replacement_text": "1"}, "expectation_failed"),
        ({"row_number": 99, "replacement_text": "1"}, "value_not_found"),
        ({"file_name": "yearbook/gone.csv", "replacement_text": "1"}, "file_not_landed"),
        (
            {"replacement_text": "1", "decided_on": "2020-01-01", "expires_on": "2020-12-31"},
            "expired",
        ),
        ({"column_number": "", "column_name": "_load_id", "action": "reject"}, "value_not_found"),
        (
            {
                "file_name": LIST,
                "column_number": "",
                "column_name": 'coal_t" = (select 1); --',
                "replacement_text": "1",
            },
            "value_not_found",
        ),
        (
            {"file_name": "x'; drop table files; --.csv", "replacement_text": "1"},
            "file_not_landed",
        ),
    ],
)
def test_one_that_no_longer_holds_is_not_applied_and_fails_the_build(
    tmp_path: Path, tables, landed: Land, values, state: str
) -> None:
    printed = tables[MATRIX].at(2, 3)
    connection = landed(correction(**{"expected_text": printed} | values))
    assert states(connection) == [("c1", state)]
    number = float(printed)
    assert [float(row[1]) for row in cell(connection)] == [number]
    assert refused(connection) == []
    connection.close()
    failed = [r for r in run_gate(tmp_path / "1.duckdb", "raw") if r.rule_id == "corrections_hold"]
    assert [(r.status, r.severity) for r in failed] == [("fail", "critical")]
    assert state in failed[0].details


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"expires_on": "end of 2027"}, "line 2 column expires_on: Input should be a valid date"),
        ({"decided_on": "2026-13-01"}, "line 2 column decided_on: Input should be a valid date"),
        ({"expires_on": ""}, "line 2 column expires_on"),
        ({"expires_on": "2020-01-01"}, "line 2: expires_on lies before decided_on"),
        ({"action": "delete"}, "line 2 column action: Input should be"),
        ({"reason_zh": " "}, "line 2 column reason_zh"),
        ({"decided_by": ""}, "line 2 column decided_by"),
        ({"row_number": "two"}, "line 2 column row_number"),
        ({"row_number": "0"}, "line 2 column row_number"),
        ({"row_number": ""}, "row_number is empty only where accept"),
        ({"column_number": ""}, "column_number for a matrix or column_name for a list"),
        ({"column_name": "coal_t"}, "column_number for a matrix or column_name for a list"),
        ({"replacement_text": ""}, "replacement_text is given for replace"),
        ({"action": "reject"}, "replacement_text is given for replace"),
        ({"rule": "value_jump"}, "rule is given for accept"),
        (
            {"action": "accept", "rule": "label_unknown", "replacement_text": ""},
            "rule label_unknown cannot be accepted",
        ),
        (
            {
                "action": "accept",
                "rule": "unit_scale",
                "replacement_text": "",
                "row_number": "",
                "column_number": "",
            },
            "expected_text of an accept for a whole file is its sha256",
        ),
    ],
)
def test_a_row_that_says_nothing_clear_stops_the_landing(
    tmp_path: Path, tables, landed: Land, values, said: str
) -> None:
    with pytest.raises(GreenparkError) as error:
        landed(correction(**{"replacement_text": "1"} | values))
    assert str(tmp_path / "data" / "corrections.csv") in error.value.message
    assert said in error.value.message
    assert "CONTRIBUTING.md" in error.value.remedy


def test_every_fault_is_named_at_once(tables, landed: Land) -> None:
    with pytest.raises(GreenparkError) as error:
        landed(
            correction(replacement_text="1", expires_on="never"),
            correction(correction_id="c2", replacement_text="2", decided_by=""),
            correction(correction_id="c3", replacement_text="3"),
            correction(correction_id="c3", replacement_text="4", row_number=3),
            correction(correction_id="c4", action="reject"),
        )
    for said in ("line 2 column expires_on", "line 3 column decided_by"):
        assert said in error.value.message
    assert "line 5: the same correction_id as corrections.csv line 4" in error.value.message
    assert "line 6: the same place as corrections.csv line 4" in error.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,action\n1,replace\n", "line 1: the columns are not those needed"),
        (b"", "line 1: the columns are not those needed"),
        ("更正".encode("gb18030"), "is not UTF-8"),
        ((",".join(corrections.COLUMNS) + "\nc1,replace\n").encode(), "line 2: not as many cells"),
    ],
)
def test_a_file_that_is_no_corrections_table(tmp_path, tables, content: bytes, said: str) -> None:
    (tmp_path / "data" / "corrections.csv").write_bytes(content)
    with pytest.raises(GreenparkError) as error:
        land(tmp_path / "x.duckdb", [tmp_path / "data"])
    assert said in error.value.message
    assert "correction_id,action" in error.value.remedy


def test_what_can_be_accepted_is_a_rule_that_judges_whether_a_value_is_believable() -> None:
    acceptable = {rule.rule_id for rule in landing_rules() if rule.is_acceptable == "true"}
    assert corrections.acceptable() == acceptable
    assert {"value_jump", "rows_missing"} <= acceptable
    assert acceptable & {"label_unknown", "duplicate_key", "superseded"} == set()
