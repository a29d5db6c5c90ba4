"""The runner: good data passes, each fault is found, an exception is not bad data."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import duckdb
import pytest
from conftest import execute

from expectations import runner
from expectations.outcomes import Result
from expectations.rules import RuleError, load_rules
from expectations.runner import GateError, run_gate

FAULTS = [
    (
        "raw",
        "toy_landing_has_rows",
        "delete from toy.landing",
        "0",
        None,
    ),
    (
        "marts",
        "toy_region_name_present",
        "update toy.region set name_zh = null where region_code = '320500'",
        "1 unexpected of 2 rows",
        {"region_code": "320500", "name_zh": None},
    ),
    (
        "marts",
        "toy_region_share_bounds",
        "update toy.region set coal_share = 25 where region_code = '320500'",
        "1 unexpected of 2 rows",
        {"region_code": "320500", "coal_share": 25.0},
    ),
    (
        "marts",
        "toy_region_share_bounds",
        "update toy.region set coal_share = 'inf' where region_code = '320500'",
        "1 unexpected of 2 rows",
        {"region_code": "320500", "coal_share": "inf"},
    ),
    (
        "marts",
        "toy_region_no_markup",
        "update toy.region set name_zh = '<b>' where region_code = '320500'",
        "1 unexpected rows",
        {"region_code": "320500", "name_zh": "<b>", "as_of": "2023-12-31"},
    ),
    (
        "marts",
        "toy_yearly_co2_bounds",
        "update toy.yearly set co2_t = -1 where region_code = '320500' and year = 2022",
        "1 unexpected of 6 rows",
        {"region_code": "320500", "year": 2022, "co2_t": -1.0},
    ),
    (
        "marts",
        "toy_yearly_one_row",
        "insert into toy.yearly values ('320500', 2022, 1.0)",
        "2 unexpected of 7 rows",
        {"region_code": "320500", "year": 2022},
    ),
    (
        "marts",
        "toy_yearly_keeps_years",
        "delete from toy.yearly where region_code = '320500' and year = 2021",
        "1 unexpected rows",
        {"region_code": "320500", "year": 2021},
    ),
]


def _run(database: Path, gate: str, rules: Path, **options: object) -> dict[str, Result]:
    results = run_gate(database, gate, package="toy_suites", rules_csv=rules, **options)
    return {result.rule_id: result for result in results}


def test_good_data_passes_every_rule(build, toy_rules) -> None:
    database, previous = build(), build(name="previous")
    results = _run(database, "raw", toy_rules) | _run(
        database, "marts", toy_rules, previous=previous
    )
    assert set(results) == set(load_rules(toy_rules))
    assert {result.status for result in results.values()} == {"pass"}
    assert {result.details for result in results.values()} == {"{}"}
    assert not runner.blocking(results.values())


@pytest.mark.parametrize(("gate", "rule_id", "fault", "observed", "row"), FAULTS)
def test_each_fault_is_found(build, toy_rules, gate, rule_id, fault, observed, row) -> None:
    database, previous = build(fault), build(name="previous")
    results = _run(database, gate, toy_rules, previous=previous)
    assert [name for name, result in results.items() if not result.success] == [rule_id]
    result, rule = results[rule_id], load_rules(toy_rules)[rule_id]
    assert result.status == "fail"
    assert result.severity == rule.severity
    assert result.blocks == (rule.severity == "critical")
    assert (result.gate, result.table_name, result.column_name) == (
        gate,
        rule.table_name,
        rule.column_name,
    )
    assert result.suite == rule.table_name.replace(".", "__")
    assert result.expectation.startswith(("expect_", "unexpected_rows"))
    assert result.observed_value == observed
    if row:
        assert row in json.loads(result.details)["unexpected_rows"]


def test_details_hold_at_most_twenty_rows(build, toy_rules) -> None:
    database = build(
        "insert into toy.region select 'x' || range, '<' || range, range + 2, null from range(300)"
    )
    results = _run(database, "marts", toy_rules)
    for rule_id in ("toy_region_share_bounds", "toy_region_no_markup"):
        details = json.loads(results[rule_id].details)
        assert details["unexpected_count"] == 300
        assert len(details["unexpected_rows"]) == 20


def test_an_exception_is_not_bad_data(build, broken_rules) -> None:
    results = {
        result.rule_id: result
        for result in run_gate(build(), "marts", package="toy_broken", rules_csv=broken_rules)
    }
    assert set(results) == set(load_rules(broken_rules))
    for rule_id, result in results.items():
        expected = "error" if rule_id.startswith("broken") else "pass"
        assert result.status == expected, result
        assert ("exception" in json.loads(result.details)) == (expected == "error")
    messages = {rule_id: json.loads(result.details) for rule_id, result in results.items()}
    assert "toy.absent" in messages["broken_absent_table"]["exception"]
    assert "threshold" in messages["broken_suite_raises"]["exception"]
    assert 'Referenced column "nope" not found' in messages["broken_sql"]["exception"]
    assert results["broken_sql"].blocks
    assert results["broken_sql"].observed_value == "not evaluated"


def test_without_a_previous_version_nothing_is_compared(build, toy_rules, tmp_path) -> None:
    results = _run(build(), "marts", toy_rules, previous=tmp_path / "none.duckdb")
    assert "toy_yearly_keeps_years" not in results


def test_a_table_that_is_new_is_not_compared(build, toy_rules) -> None:
    previous = build("drop table toy.yearly", name="previous")
    assert "toy_yearly_keeps_years" not in _run(build(), "marts", toy_rules, previous=previous)


def test_a_view_of_the_previous_version_is_not_offered(build, toy_rules) -> None:
    previous = build(
        "alter table toy.yearly rename to yearly_table",
        "create view toy.yearly as from wh.toy.yearly_table",
        name="previous",
    )
    assert "toy_yearly_keeps_years" not in _run(build(), "marts", toy_rules, previous=previous)


def test_the_database_can_be_written_afterwards(build, toy_rules) -> None:
    database, previous = build(), build(name="previous")
    _run(database, "marts", toy_rules, previous=previous)
    for path in (database, previous):
        execute(path, ["create table toy.after as select 1 as x"])
        assert not path.with_name("wh.duckdb.wal").exists()


def test_a_writer_is_reported_as_such(build, toy_rules) -> None:
    database = build()
    with duckdb.connect(str(database)), pytest.raises(GateError, match="cannot open"):
        _run(database, "marts", toy_rules)


def test_wrong_arguments(build, toy_rules, broken_rules, tmp_path) -> None:
    database = build()
    with pytest.raises(ValueError, match="gate 'gold'"):
        _run(database, "gold", toy_rules)
    with pytest.raises(FileNotFoundError):
        _run(tmp_path / "none.duckdb", "marts", toy_rules)
    with pytest.raises(ValueError, match="under test"):
        _run(database, "marts", toy_rules, previous=database)
    with pytest.raises(RuleError, match=r"toy_region_name_present is not in rules\.csv"):
        _run(database, "marts", broken_rules)


def test_a_result_is_a_row_of_audit_results() -> None:
    # These two are rows of other tables: quality.doubtful_rows and quality.known_findings.
    others = ("doubtful_query", "known")
    assert [field.name for field in fields(Result) if field.name not in others] == [
        "gate",
        "suite",
        "rule_id",
        "expectation",
        "table_name",
        "column_name",
        "success",
        "severity",
        "observed_value",
        "details",
    ]


def test_command_line(build, toy_rules, capsys) -> None:
    options = ["--package", "toy_suites", "--rules", str(toy_rules)]
    warned = build("update toy.yearly set co2_t = -1 where year = 2022")
    assert runner.main([str(warned), "--gate", "marts", *options]) == 0
    assert "toy_yearly_co2_bounds" in capsys.readouterr().out
    failed = build("update toy.region set name_zh = null", name="failed")
    assert runner.main([str(failed), "--gate", "marts", *options]) == 1
    assert "1 block publishing" in capsys.readouterr().out
    assert runner.main([str(failed.with_name("none")), "--gate", "marts", *options]) == 2
    assert "no database" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="0"):
        runner.main(["--help"])


def test_a_gate_asks_few_questions(build, toy_rules) -> None:
    """28 queries for two suites of six expectations, the look at keys and columns included."""
    database, previous = build(), build(name="previous")
    asked: list[str] = []
    runner.gx_context()
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def note(connection, cursor, statement, *rest) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        results = _run(database, "marts", toy_rules, previous=previous)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(results) == 6
    assert len(asked) <= 30, asked


def test_import_is_cheap() -> None:
    """The refresh imports the gates early; what is slow to load is left to their worker."""
    script = (
        "import sys, expectations.runner, expectations.rules, expectations.worker\n"
        "print([m for m in ('great_expectations', 'pandas', 'duckdb', 'rich') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
