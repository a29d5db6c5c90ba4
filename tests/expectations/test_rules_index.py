"""rules.csv and the suites agree one to one, and the check that says so works."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.discovery import SuiteContext, check_index, find_suites
from expectations.rules import GATES, RuleError, load_rules

HEADER = "rule_id,gate,table_name,column_name,severity,statement_zh,statement_en,basis\n"


def test_the_index_and_the_suites_agree() -> None:
    assert check_index(load_rules()) == []


def test_toy_index_agrees(toy_rules, broken_rules) -> None:
    assert check_index(load_rules(toy_rules), "toy_suites") == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("toy_landing_has_rows,raw", "toy_other,raw", "toy_landing_has_rows is not in rules.csv"),
        ("toy_landing_has_rows,raw", "toy_other,raw", "toy_other is in no suite"),
        ("toy_landing_has_rows,raw", "toy_landing_has_rows,marts", "rules.csv for marts"),
        ("raw,toy.landing", "raw,toy.region", "for raw, toy.region"),
        ("toy.region,name_zh,critical", "toy.region,name_en,critical", "about column name_zh"),
    ],
)
def test_each_disagreement_is_found(tmp_path, toy_rules, old, new, problem) -> None:
    text = toy_rules.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "rules.csv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(problem in found for found in check_index(load_rules(path), "toy_suites"))


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("a,raw,x.y,,critical,甲,A,b\na,raw,x.y,,critical,甲,A,b\n", "repeated"),
        ("A-1,raw,x.y,,critical,甲,A,b\n", "snake_case"),
        ("a,gold,x.y,,critical,甲,A,b\n", "gate 'gold'"),
        ("a,raw,x.y,,fatal,甲,A,b\n", "severity 'fatal'"),
        ("a,raw,y,,critical,甲,A,b\n", "not schema.table"),
        ("a,raw,x.*,,critical,甲,A,b\n", "not schema.table"),
        ("a,raw,x.y,,critical,,A,b\n", "statement_zh is empty"),
        ("a,raw,x.y,,critical,甲,A,\n", "basis is empty"),
        ("a,raw,x.y,,critical,甲,A\n", "expected 8 fields"),
        ("a,raw,x.y,,critical,甲,A,b,c\n", "expected 8 fields"),
    ],
)
def test_a_malformed_index_is_refused(tmp_path: Path, rows: str, problem: str) -> None:
    path = tmp_path / "rules.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(RuleError, match=problem):
        load_rules(path)


def test_another_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    for header in ("id,gate\n", "note," + HEADER, "gate," + HEADER):
        path.write_text(header, encoding="utf-8")
        with pytest.raises(RuleError, match="header"):
            load_rules(path)


def test_rules_of_landing_need_no_suite(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    header = HEADER.replace(",basis", ",remedy_zh,remedy_en,basis")
    path.write_text(header + "a,landing,raw.*,,warning,甲,A,改,correct it,b\n", encoding="utf-8")
    rules = load_rules(path)
    assert (rules["a"].remedy_zh, rules["a"].remedy_en, rules["a"].basis) == (
        "改",
        "correct it",
        "b",
    )
    assert find_suites("marts", "toy_suites")
    assert not any(" a " in problem for problem in check_index(rules, "toy_suites"))


def test_a_suite_is_named_after_its_table(tmp_path, monkeypatch) -> None:
    package = tmp_path / "misnamed_suites" / "raw"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "toy__other.py").write_text("TABLE = 'toy.landing'\ndef expectations(c): return []")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(RuleError, match="named after it"):
        find_suites("raw", "misnamed_suites")
    assert find_suites("marts", "misnamed_suites") == []


def test_every_gate_has_a_package() -> None:
    suites = Path(__file__).parents[2] / "expectations" / "suites"
    assert {path.parent.name for path in suites.glob("*/__init__.py")} == set(GATES)


def test_context() -> None:
    context = SuiteContext(True, {"toy.region": frozenset({"region_code"})})
    assert context.in_previous("toy.region", "region_code")
    assert not context.in_previous("toy.region", "name_zh")
    assert not context.in_previous("toy.yearly")
    assert SuiteContext.complete().in_previous("toy.yearly", "year")
    assert not SuiteContext().in_previous("toy.region")
