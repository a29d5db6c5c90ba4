"""What is known of a warning, and what is still new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.findings import FINDINGS_CSV, Finding, Judged, judge, load_findings
from expectations.rules import RuleError, load_rules

KNOWN = Finding("f", "rule", "region_code/year", "a/2020|b/2020", 2, "", "2026-11-27", "因", "why")
OF_MODEL = replace(KNOWN, origin="reconstructed")


def judged(rows: list[tuple[str, int]], *findings: Finding, origin: str = "observed") -> Judged:
    with duckdb.connect() as connection:
        connection.execute("create schema quality")
        connection.execute(
            "create table quality.subject_origins as"
            f" select unnest(['a', 'b']) as subject_code, '{origin}' as origin"
        )
        values = ", ".join(f"('{region}', {year})" for region, year in rows)
        sql = f"select * from (values {values}) as found (region_code, year)"
        return judge(
            lambda query: connection.execute(query).fetchall(), sql, findings or (KNOWN,), 20
        )


def test_a_row_of_a_known_key_is_known() -> None:
    assert judged([("a", 2020), ("b", 2020)]) == Judged({"f": 2}, 0, [])


def test_a_row_of_another_key_is_new_and_told() -> None:
    found = judged([("a", 2020), ("a", 2021)])
    assert found == Judged({"f": 1}, 1, [{"region_code": "a", "year": 2021}])


def test_more_rows_of_a_key_than_are_known_are_all_new() -> None:
    found = judged([("a", 2020), ("b", 2020), ("b", 2020)])
    assert (found.known, found.new, len(found.new_rows)) == ({}, 3, 3)


@pytest.mark.parametrize(("origin", "new"), [("reconstructed", 0), ("observed", 1)])
def test_what_is_known_of_the_model_is_new_of_printed_data(origin: str, new: int) -> None:
    assert judged([("a", 2020)], OF_MODEL, origin=origin).new == new


def test_every_finding_is_of_a_warning_there_is() -> None:
    rules = load_rules()
    findings = load_findings(rules)
    assert len(findings) == len(FINDINGS_CSV.read_text(encoding="utf-8").splitlines()) - 1
    assert {rules[finding.rule_id].severity for finding in findings} == {"warning"}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("f,region_year_keys,region_code,a,1,,2026-11-27,因,why", "blocks"),
        ("f,rule,region_code,a,1,,2026-11-27,,why", "reason_zh is blank"),
        ("f,rule,region_code,a,many,,2026-11-27,因,why", "invalid literal"),
    ],
)
def test_a_finding_that_is_none_is_refused(row: str, problem: str, tmp_path: Path) -> None:
    rules = load_rules()
    critical = next(rule for rule in rules.values() if rule.severity == "critical")
    path = tmp_path / "findings.csv"
    header = FINDINGS_CSV.read_text(encoding="utf-8").splitlines()[0]
    row = row.replace("region_year_keys", critical.rule_id)
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(RuleError, match=problem):
        load_findings(rules, path)
