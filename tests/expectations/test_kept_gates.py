"""What a gate found is kept as long as nothing is another; the rest is judged again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from conftest import execute

from expectations import runner
from expectations.keeping import page_of
from expectations.outcomes import Result
from expectations.runner import run_gate

SAME = {"toy.region": "1", "toy.yearly": "1"}
BOTH = ["toy__region", "toy__yearly"]


class Judge:
    """Runs the marts gate of the toy suites again and again, and notes what is judged anew."""

    def __init__(self, folder: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.rules = folder, rules
        self.ran: list[str] = []
        validate = runner._validate

        def noted(datasource, suite, *others):
            self.ran.append(suite.name)
            return validate(datasource, suite, *others)

        monkeypatch.setattr(runner, "_validate", noted)

    def __call__(self, database: Path, contents: dict[str, str], **options) -> list[Result]:
        self.ran.clear()
        asked = {"package": "toy_suites", "rules_csv": self.rules, **options}
        return run_gate(
            database,
            "marts",
            docs_dir=self.folder / "docs",
            kept=self.folder / "kept" / "marts.json",
            contents=contents,
            **asked,
        )


@pytest.fixture
def judge(tmp_path, toy_rules, monkeypatch) -> Judge:
    return Judge(tmp_path, toy_rules, monkeypatch)


def test_what_stays_as_it_is_is_not_judged_again(build, judge) -> None:
    database = build("update toy.region set coal_share = 25 where region_code = '320500'")
    found = judge(database, SAME)
    assert judge.ran == BOTH and not all(result.success for result in found)
    pages = {name: page_of(judge.folder / "docs", name).read_bytes() for name in BOTH}
    assert judge(database, SAME) == found and judge.ran == []
    assert pages == {name: page_of(judge.folder / "docs", name).read_bytes() for name in BOTH}
    index = (judge.folder / "docs" / "index.html").read_text(encoding="utf-8")
    assert all(f'data-suite="{name}"' in index for name in BOTH)


@pytest.mark.parametrize(
    ("contents", "ran"),
    [
        (SAME | {"toy.yearly": "2"}, ["toy__yearly"]),
        (SAME | {"toy.region": "2"}, ["toy__region"]),
        ({"toy.region": "1"}, ["toy__yearly"]),  # of one nothing is known
        ({}, BOTH),
    ],
)
def test_only_what_reads_another_content_is_judged(build, judge, contents, ran) -> None:
    database = build()
    judge(database, SAME)
    judge(database, contents)
    assert judge.ran == ran
    judge(database, contents)
    assert judge.ran == [name for name in ran if f"{name.replace('__', '.')}" not in contents]


def test_a_fault_that_comes_is_found_and_one_that_goes_is_gone(build, judge) -> None:
    database = build()
    assert all(result.success for result in judge(database, SAME))
    execute(database, ["update toy.region set coal_share = 25"])
    assert not all(result.success for result in judge(database, SAME | {"toy.region": "2"}))
    execute(database, ["update toy.region set coal_share = 0.5"])
    assert all(result.success for result in judge(database, SAME | {"toy.region": "3"}))


def test_another_rule_or_no_page_or_no_file_is_judged(build, judge, toy_rules, tmp_path) -> None:
    database = build()
    judge(database, SAME)
    page_of(judge.folder / "docs", "toy__region").unlink()
    judge(database, SAME)
    assert judge.ran == ["toy__region"]
    rows = list(csv.DictReader(toy_rules.open(encoding="utf-8")))
    for row in rows:
        if row["rule_id"] == "toy_yearly_co2_bounds":
            row["severity"] = "warning" if row["severity"] == "critical" else "critical"
    other = tmp_path / "rules.csv"
    with other.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    judge(database, SAME, rules_csv=other)
    assert judge.ran == ["toy__yearly"]
    (judge.folder / "kept" / "marts.json").write_text("{", encoding="utf-8")
    judge(database, SAME)
    assert judge.ran == BOTH


def test_the_version_before_is_part_of_what_is_read(build, judge) -> None:
    hashes = "create schema quality; create table quality.table_hashes as select 'toy' as "
    hashes += "schema_name, 'yearly' as table_name, '{}' as content_hash"
    database = build()
    one, two = (build(hashes.format(name), name=name) for name in ("one", "two"))
    judge(database, SAME, previous=one)
    judge(database, SAME, previous=one)
    assert judge.ran == []
    judge(database, SAME, previous=two)
    assert judge.ran == ["toy__yearly"]
    judge(database, SAME)
    assert judge.ran == ["toy__yearly"]


def test_what_could_not_be_judged_is_not_kept(build, judge, broken_rules) -> None:
    database = build()
    options = {"package": "toy_broken", "rules_csv": broken_rules}
    known = {"toy.region": "1", "toy.yearly": "1", "toy.landing": "1", "toy.absent": "1"}
    found = judge(database, known, **options)
    again = judge(database, known, **options)
    assert found == again
    failed = {result.suite for result in found if result.status == "error"}
    kept = json.loads((judge.folder / "kept" / "marts.json").read_text(encoding="utf-8"))
    assert failed and not failed & kept.keys()


def test_the_shipped_gates_know_the_tables_they_read(build) -> None:
    """A query without tables DuckDB can name is judged each time: they are few, and listed."""
    from expectations.discovery import SuiteContext, find_suites
    from expectations.keeping import Kept
    from expectations.rules import load_rules

    class All(dict):
        def get(self, table, default=None):
            return "1"

    rules = load_rules()
    store = Kept(Path("none"), All(), All)
    judged_each_time = {
        suite.name
        for gate in ("raw", "marts")
        for suite in find_suites(gate)
        if store.key(suite, suite.expectations(SuiteContext.complete()), None, rules, []) is None
    }
    # Both ask the database which columns there are.
    assert judged_each_time == {"all_levels__region_energy", "reference__data_dictionary"}
