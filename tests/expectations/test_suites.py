"""The suites pass on the shipped data, and each rule fails on a fault of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from as_built import as_built
from faults import BALANCE, FAULTS, OF_BALANCE, quarantine

from expectations import runner
from expectations.discovery import SuiteContext, find_suites
from expectations.findings import load_findings
from expectations.outcomes import Result
from expectations.rules import GATES, load_rules
from expectations.runner import run_gate
from orchestration.settings import Home

RULES = load_rules()
CASES = [(gate, rule_id) for gate, faults in FAULTS.items() for rule_id in faults]
BALANCE_2020 = "where year = 2020 and vintage = 2021 and balance_item not like '%electricity%'"


@pytest.fixture(scope="module")
def golden(published_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse made from the shipped data, as the gates saw it."""
    return as_built(published_home.database, tmp_path_factory.mktemp("golden") / "greenpark.duckdb")


@pytest.fixture(scope="module")
def opened(
    published_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Any, SuiteContext]]:
    """The golden warehouse open to write, with the version before: opened once for all faults."""
    path = as_built(published_home.database, tmp_path_factory.mktemp("broken") / "greenpark.duckdb")
    datasource = runner.gx_context().data_sources.add_sql(
        "broken", connection_string=f"duckdb:///{path}", create_temp_table=False
    )
    yield path, datasource, runner._attach_previous(datasource, published_home.database)
    runner._close(datasource)


@pytest.fixture
def run_rule(
    opened: tuple[Path, Any, SuiteContext], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Return a function that runs one rule, alone, after some SQL that is taken back."""
    path, datasource, context = opened

    def run(rule_id: str, *sql: str) -> Result:
        rule = RULES[rule_id]
        suite = next(suite for suite in find_suites(rule.gate) if suite.table == rule.table_name)

        def only(context: SuiteContext) -> list[tuple[str, Any]]:
            return [pair for pair in suite.expectations(context) if pair[0] == rule_id]

        alone = replace(suite, module=SimpleNamespace(expectations=only))
        monkeypatch.setattr(runner, "find_suites", lambda gate, package: [alone])
        monkeypatch.setattr(runner, "_open", lambda database, memory_limit: datasource)
        monkeypatch.setattr(runner, "_attach_previous", lambda datasource, previous: context)
        monkeypatch.setattr(runner, "_close", lambda datasource: None)
        with datasource.get_execution_engine().get_connection() as connection:
            connection.exec_driver_sql("begin transaction")
            try:
                for statement in sql:
                    connection.exec_driver_sql(statement)
                (result,) = run_gate(path, rule.gate)
            finally:
                connection.exec_driver_sql("rollback")
                for asset in list(datasource.assets):
                    datasource.delete_asset(asset.name)
        return result

    return run


@pytest.mark.parametrize("gate", GATES)
def test_every_rule_passes_on_the_shipped_data(published_home: Home, golden: Path, gate) -> None:
    results = run_gate(golden, gate, previous=published_home.database)
    assert {result.rule_id for result in results if not result.success} == set()
    expected = {rule.rule_id for rule in RULES.values() if rule.gate == gate}
    assert {result.rule_id for result in results} == expected


@pytest.mark.parametrize("gate", GATES)
def test_the_first_version_has_nothing_to_compare_with(golden: Path, gate) -> None:
    results = run_gate(golden, gate)
    assert results and {result.rule_id for result in results if not result.success} == set()


def test_each_finding_is_found_as_often_as_it_says(golden: Path) -> None:
    findings = {finding.finding_id: finding for finding in load_findings(RULES)}
    known = {
        name: count for result in run_gate(golden, "marts") for name, count in result.known.items()
    }
    assert known == {name: finding.row_count for name, finding in findings.items()}


@pytest.mark.parametrize("gate", GATES)
def test_each_rule_has_a_fault(gate: str) -> None:
    assert set(FAULTS[gate]) == {rule.rule_id for rule in RULES.values() if rule.gate == gate}


@pytest.mark.parametrize(("gate", "rule_id"), CASES, ids=[rule_id for _, rule_id in CASES])
def test_a_fault_fails_its_rule_and_is_named(
    run_rule: Callable[..., Result], gate: str, rule_id: str
) -> None:
    fault = FAULTS[gate][rule_id]
    result = run_rule(rule_id, fault.sql)
    assert result.status == "fail", result.details
    if fault.names:
        assert json.loads(result.details)["unexpected_rows"]
        assert [name for name in fault.names if name not in result.details] == []
    else:
        assert result.observed_value == "0"


@pytest.mark.parametrize(
    ("rule_id", "sql"),
    [
        pytest.param(
            "landing_log_files_have_rows",
            [
                f"update quality.landing_log set rows_accepted = 0 {OF_BALANCE}",
                quarantine("superseded", 1260),
            ],
            id="a file replaced by a later data folder",
        ),
        pytest.param(
            "landing_log_quarantine_is_small",
            [quarantine("superseded", 1260)],
            id="rows replaced by a later data folder",
        ),
        pytest.param(
            "region_energy_keeps_coverage",
            [
                f"delete from all_levels.region_energy {BALANCE_2020}",
                f"delete from quality.landing_log {OF_BALANCE}",
            ],
            id="a data folder taken away",
        ),
        pytest.param(
            "region_energy_keeps_coverage",
            ["delete from all_levels.region_energy where vintage > 2019"],
            id="a build with --as-of-vintage",
        ),
        pytest.param(
            "region_co2_keeps_coverage",
            [
                "delete from all_levels.region_energy where year = 2020",
                "delete from all_levels.region_co2 where year = 2020",
            ],
            id="totals whose energy was taken away",
        ),
        pytest.param(
            "region_co2_same_input_same_total",
            [
                "update all_levels.region_co2 set co2_t = co2_t * 1.2 where method = 'ceads'",
                "update reference.emission_factors set co2_t_per_unit = co2_t_per_unit * 1.2 "
                "where method = 'ceads'",
            ],
            id="totals that moved with their factors",
        ),
        pytest.param(
            "region_energy_same_files_same_values",
            [
                "update all_levels.region_energy set quantity = quantity * 2 where year = 2020",
                "update quality.energy_lineage set load_id = 'other' where year = 2020",
            ],
            id="quantities that moved with their file",
        ),
        pytest.param(
            "reconciliation_mismatch_has_a_revision",
            [
                "delete from quality.reconciliation where status = 'mismatch'",
                "update quality.reconciliation set status = 'mismatch' where figure_id = 'F23-001'",
                "insert into quality.revisions (series_key, year, vintage_new) "
                "values ('320000/total_consumption/TOT/raw_coal', 2016, 2026)",
            ],
            id="a figure whose inputs a new edition revised",
        ),
        pytest.param(
            "industry_split_repeats_are_marked",
            [
                "update quality.industry_split set share_change_from_previous_year = 0.2, "
                "is_split_frozen = false where fuel_code = 'raw_coal'"
            ],
            id="a split that is new every year",
        ),
    ],
)
def test_what_is_no_fault_passes(
    run_rule: Callable[..., Result], rule_id: str, sql: list[str]
) -> None:
    result = run_rule(rule_id, *sql)
    assert result.success, result.details


def test_a_fault_is_taken_back_before_the_next(run_rule: Callable[..., Result]) -> None:
    rule_id, fault = next(iter(FAULTS["marts"].items()))
    assert [run_rule(rule_id, *sql).success for sql in ((), (fault.sql,), (), (fault.sql,))] == [
        True, False, True, False,
    ]  # fmt: skip


def test_the_faults_touch_a_file_that_exists(golden: Path) -> None:
    with duckdb.connect(str(golden), read_only=True) as connection:
        count = connection.execute(
            "select count(*) from quality.landing_log where file_name = ?", [BALANCE]
        ).fetchone()
    assert count == (1,)
