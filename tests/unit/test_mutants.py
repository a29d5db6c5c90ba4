"""What `make mutants` changes, and what it makes of what it finds."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.mutants import page, sql, tables
from benchmarks.mutants.draw import CLASSES, LEFT_OUT, draw
from orchestration.settings import PROJECT_ROOT

TEXT = """-- a and b
select
    {{ dbt_name }}.year,
    sum(parts.co2_t) as co2_t,
    parts.energy_tce * 2 as energy_tce
from {{ ref('parts') }} as parts
left join other on parts.code = other.code and parts.year = other.year
{% if a and b %}
where parts.year between 2015 and 2020 and parts.kind is null and not parts.is_total or 1 > 2
{% endif %}
"""


def changed(kind: str) -> list[tuple[str, str]]:
    found = [c for c in sql.changes(TEXT) if c.kind == kind]
    return [(TEXT[c.start : c.end], c.text) for c in found]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("arithmetic", [("*", "/")]),
        ("comparison", [(">", ">=")]),  # none of a join: its rows would be more than can be
        ("aggregate", [("sum", "max")]),
        ("join", [("left", "inner")]),
        ("negation", [("is null", "is not null"), ("not ", "")]),
        ("and_or", [("and", "or"), ("and", "or"), ("or", "and")]),
        (
            "condition_dropped",
            [
                ("and parts.year = other.year", ""),
                ("and parts.kind is null", ""),
                ("and not parts.is_total", ""),
            ],
        ),
        ("number", [("2", "3"), ("2015", "2016"), ("2020", "2021"), ("1", "2"), ("2", "3")]),
    ],
)
def test_each_kind_of_change(kind: str, expected: list[tuple[str, str]]) -> None:
    assert changed(kind) == expected


def test_a_column_becomes_another_of_its_table_and_kind() -> None:
    text = "select a.co2_t, a.coal_t, a.name, b.co2_t from a, b"
    found = [sql.apply(text, c) for c in sql.changes(text) if c.kind == "column"]
    assert "select a.coal_t, a.coal_t, a.name, b.co2_t from a, b" in found
    assert not any("b.coal_t" in other or "a.name, b.name" in other for other in found)


def test_jinja_is_never_changed() -> None:
    for change in sql.changes(TEXT):
        after = sql.apply(TEXT, change)
        assert sql.JINJA.findall(after) == sql.JINJA.findall(TEXT), change


def test_a_table_is_changed_in_one_place() -> None:
    text = "code,value,is_counted,note\na,1.5,true,x\nb,2,false,y\n"
    seen = set()
    for seed in range(60):
        done = tables.change(text, random.Random(seed))
        assert done is not None
        before, after = text.splitlines(), done.text.splitlines()
        if done.kind == "row_removed":
            assert len(after) == len(before) - 1
        else:
            (pair,) = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
            cells = [line.split(",") for line in pair]
            assert sum(a != b for a, b in zip(*cells, strict=True)) == 1
            assert done.column != "note"
        seen.add(done.kind)
    assert seen == {"number", "sign", "row_removed", "code"}


def test_a_seed_draws_the_same_mutants_and_each_changes_its_file() -> None:
    first, again = (list(islice(draw(7), 60)) for _ in range(2))
    assert first == again
    assert {mutant.subject for mutant in first} == {*CLASSES}
    for mutant in first:
        text = (PROJECT_ROOT / mutant.path).read_text(encoding="utf-8")
        assert mutant.text != text and mutant.path.endswith((".sql", ".csv"))
        assert not any(f"seeds/reference/{name}" in mutant.path for name in LEFT_OUT)
    assert [m.path for m in islice(draw(8), 60)] != [m.path for m in first]


def row(number: int, outcome: str, by: str = "", changed: str = "") -> dict[str, str]:
    said = {"number": str(number), "subject": "model", "kind": "join", "path": "a/b.sql"}
    said |= {"line": "3", "before": "left", "after": "inner", "outcome": outcome, "by": by}
    return said | {"changed": changed, "cpu_s": "1"}


def test_the_page_counts_and_names_survivors() -> None:
    rows = [
        row(1, "caught", "start: a reference table is not as it was signed off"),
        row(2, "caught", "gate marts: a_rule"),
        row(3, "caught", "model test_a__b: got 1"),
        row(4, "caught", "test a__is_sound: x"),
        row(5, "equal"),
        row(6, "survived", "a_warning", "quality.a quality.b"),
        row(7, "caught", "figures moved: quality.a"),
    ]
    told = page.render(rows, 1)
    assert "6 were caught or published another cell; 5 of these were caught" in told
    assert "3 by what knows that the number is wrong, 1 by a signature and 1 since" in told
    assert "| model | 5 | 1 | 1 | 0 | 0 | 0 |" in told
    assert [page.gate_of(r) for r in rows[:4]] == [
        "sign-off", "gate marts", "unit test", "data test",
    ]  # fmt: skip
    assert "| 6: `b.sql:3`, join | `left → inner` | `quality.a`, `quality.b` |" in told


def test_survivors_were_looked_into() -> None:
    """Every survivor that is kept has a reason: add a row to benchmarks/mutant_reasons.csv."""
    path = Path(page.PAGE)
    assert "not looked into" not in path.read_text(encoding="utf-8")
