"""Every rule of the landing is one file and one row; a new one is no more than that."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from landing_formats import deliver
from landing_tables import FACTS, Place, Table, fuel_use, park_facts

from expectations.rules import RULES_CSV, landing_rules, load_rules
from orchestration.errors import GreenparkError
from orchestration.landing.judge import judging
from orchestration.landing.land import land
from orchestration.landing.map.catalogue import read_datasets
from orchestration.settings import PROJECT_ROOT

CODE = [PROJECT_ROOT / "orchestration" / name for name in ("landing", "proposing", "forms")]
# What an office puts where it has no figure, in a table as in a list.
NINES = """-- A row of nines stands for nothing.
{% if value.is_number %}
{% set when %}regexp_full_match({{ value.text }}, '9{4,}'){% endset %}
{% set detail = value.text %}
{% endif %}
"""
ROW = {
    "rule_id": "value_is_nines",
    "gate": "landing",
    "table_name": "raw.*",
    "severity": "warning",
    "statement_zh": "一串九不是数值",
    "statement_en": "a row of nines is no figure",
    "remedy_zh": "改正数值",
    "remedy_en": "correct the value",
    "basis": "a habit of offices",
    "position": "95",
    "subject": "matrix|records",
    "judges": "value",
    "is_acceptable": "true",
}
CORRECTION = {
    "correction_id": "c1",
    "action": "accept",
    "file_name": "returns/facts.csv",
    "row_number": "4",
    "column_name": "coke_t",
    "rule": "value_is_nines",
    "expected_text": "9999",
    "reason_zh": "确为此数",
    "reason_en": "it is that figure",
    "decided_by": "data team",
    "decided_on": "2026-01-31",
    "expires_on": "9999-12-31",
}


def write_rows(path: Path, header: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def add_rule(folder: Path, sql: str, **row: str) -> None:
    """What a user does: a file of SQL and a row of the index."""
    (folder / "orchestration/landing/judge/rules" / f"{ROW['rule_id']}.sql").write_text(sql)
    index = folder / "expectations" / "rules.csv"
    rows = list(csv.DictReader(index.read_text(encoding="utf-8").splitlines()))
    write_rows(index, list(rows[0]), [*rows, ROW | row])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what lands: the code, the index of rules, the reference tables."""
    folder = tmp_path / "project"
    for name in ("orchestration", "expectations", "seeds/reference"):
        shutil.copytree(
            PROJECT_ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PROJECT_ROOT / "pyproject.toml", folder)
    (folder / "dbt_project").mkdir()
    shutil.copy(PROJECT_ROOT / "dbt_project/dbt_project.yml", folder / "dbt_project")
    return folder


def landed(project: Path, data: Path) -> subprocess.CompletedProcess[str]:
    """Land a folder by the code of the copy."""
    script = (
        "from pathlib import Path; from orchestration.landing.land import land; "
        f"land(Path({str(data / 'x.duckdb')!r}), [Path({str(data)!r})])"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )


def of_now(table: Table) -> Table:
    """A table of an edition that a copy of the project takes: it knows of no made-up years."""
    table.edition = 2020
    return table


def test_a_new_rule_is_one_file_of_sql_and_one_row(project: Path, tmp_path: Path) -> None:
    """It holds for tables and lists, in its place of the order, with texts and corrections."""
    data = tmp_path / "data"
    table, facts = of_now(fuel_use(Place(3))), of_now(park_facts(Place(3)))
    table.put(2, 3, "99999")
    table.put(3, 3, "-9999x")
    for row in (3, 4):
        facts.put(row, FACTS.index("coke_t") + 1, "9999")
    deliver(data, "yearbook/table.csv", table)
    deliver(data, "returns/facts.csv", facts)
    add_rule(project, NINES)
    header = (PROJECT_ROOT / "seeds/reference/corrections/corrections.csv").read_text("utf-8")
    write_rows(data / "corrections.csv", header.strip().split(","), [CORRECTION])
    done = landed(project, data)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(data / "x.duckdb")) as connection:
        found = connection.execute(
            "select file_name, row_number, column_number, column_name, rule, message, message_zh "
            "from quality.quarantine order by all"
        ).fetchall()
    assert [row[:3] + row[4:5] for row in found] == [
        ("returns/facts.csv", 3, 0, "value_is_nines"),
        ("yearbook/table.csv", 2, 3, "value_is_nines"),
        ("yearbook/table.csv", 3, 3, "value_not_a_number"),
    ]
    assert "a row of nines is no figure: coke_t: 9999. correct the value" in found[0][5]
    assert "一串九不是数值：99999。改正数值" in found[1][6]


def test_a_rule_on_tables_is_added_alike(project: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    deliver(data, "a.csv", of_now(fuel_use(Place(3))))
    deliver(data, "b.csv", of_now(fuel_use(Place(4))))
    query = f"""
        select table_id, 'of ' || min(region_code) as detail
        from {{{{ rows }}}} where region_code = '{Place(4).region}' group by table_id
    """
    add_rule(project, query, judges="table", subject="matrix", position="255")
    assert landed(project, data).returncode == 0
    with duckdb.connect(str(data / "x.duckdb")) as connection:
        found = connection.execute(
            "select file_name, rule, count(*) from quality.quarantine group by all"
        ).fetchall()
    assert found == [("b.csv", "value_is_nines", 50)]


def test_a_rule_that_is_no_sql_is_named(project: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "data", "a.csv", of_now(fuel_use(Place(3))))
    add_rule(project, "select nonsense from nowhere", judges="row")
    done = landed(project, tmp_path / "data")
    assert "rule value_is_nines cannot be judged" in done.stderr


def test_every_rule_is_one_file_and_every_file_a_rule() -> None:
    files = {path.stem for path in judging.RULES.glob("*.sql")}
    assert files == {rule.rule_id for rule in landing_rules()}
    assert not [path for path in judging.RULES.rglob("*.sql") if path.parent not in
                (judging.RULES, judging.SHARED)]  # fmt: skip


def test_no_code_names_a_rule_that_judges_or_a_dataset() -> None:
    """Only what is met while reading is named where it is met, and what no fault is, superseded."""
    judged = {rule.rule_id for rule in landing_rules()} - {"superseded"}
    named = []
    # What meets formulas and errors in workbooks and units in headings, says what will be refused.
    readers = ("workbooks.py", "xml_workbooks.py", "list_units.py", "propose_matrix.py")
    for path in (path for folder in CODE for path in folder.rglob("*.*")):
        if path.suffix not in (".py", ".sql") or path.name in readers:
            continue
        text = path.read_text(encoding="utf-8")
        for name in judged | set(read_datasets()):
            if re.search(rf"['\"]{name}['\"]", text):
                named.append((path.name, name))
    assert named == []


def test_every_fault_met_while_reading_stands_in_the_index() -> None:
    known = {rule.rule_id for rule in load_rules().values() if rule.gate == "landing"}
    raised = set()
    for path in (path for folder in CODE for path in folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        raised |= set(re.findall(r'Unreadable\(\s*"(\w+)"', text))
        raised |= set(re.findall(r'(?:fault|rule) = "(\w+)"', text))
    assert raised
    assert raised <= known
    assert RULES_CSV.exists()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"position": "x"}, "position 'x' is no number"),
        ({"position": "10"}, "position 10 is that of rejected_by_correction"),
        ({"subject": "cells"}, "subject 'cells'"),
        ({"judges": ""}, "judges ''"),
        ({"is_acceptable": "yes"}, "is_acceptable 'yes'"),
        ({"gate": "raw", "table_name": "raw.x"}, "only a rule of the landing has a position"),
        ({"position": "", "subject": "", "judges": ""}, "what is met while reading"),
    ],
)
def test_an_index_that_does_not_say_how_a_rule_judges_is_refused(
    tmp_path: Path, row: dict[str, str], problem: str
) -> None:
    from expectations.rules import RuleError

    rows = list(csv.DictReader(RULES_CSV.read_text(encoding="utf-8").splitlines()))
    path = tmp_path / "rules.csv"
    write_rows(path, list(rows[0]), [*rows, ROW | row])
    with pytest.raises(RuleError, match=re.escape(problem)):
        load_rules(path)


def test_a_query_that_fails_says_of_which_rule(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(judging.RULES, folder)
    sql = "{% set when = 'no_such_column' %}{% set detail = '1' %}"
    (folder / "value_negative.sql").write_text(sql)
    deliver(tmp_path / "data", "a.csv", fuel_use(Place(3)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "RULES", folder)
        with pytest.raises(GreenparkError, match="value_negative"):
            land(tmp_path / "x.duckdb", [tmp_path / "data"])
