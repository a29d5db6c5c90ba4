"""LMDI: worked examples of others, a second implementation, what holds for any numbers."""

from __future__ import annotations

import csv
import math
import random
from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.publishing.table_macros import create_table_macros, render

FIXTURES = Path(__file__).parents[1] / "fixtures" / "lmdi"
Factor = tuple[str, str, str, str, float | None, float | None]
CONNECTION = duckdb.connect()
CONNECTION.execute("create schema indicators")
create_table_macros(CONNECTION)


def fill(rows: Iterable[Factor]) -> None:
    CONNECTION.execute(
        "create or replace table factors (entity varchar, period varchar, category varchar,"
        " factor varchar, value_start double, value_end double)"
    )
    CONNECTION.executemany("insert into factors values (?, ?, ?, ?, ?, ?)", list(rows))


def effects(rows: Iterable[Factor]) -> dict[str, tuple[float | None, float | None]]:
    """The effects of one entity and period: additive and multiplicative by name."""
    fill(rows)
    found = CONNECTION.execute(
        "select effect, additive, multiplicative from indicators.lmdi('factors')"
    ).fetchall()
    return {effect: (additive, ratio) for effect, additive, ratio in found}


def one(cells: dict[str, list[tuple[float, float]]]) -> list[Factor]:
    """Rows of one entity from category -> (start, end) of each factor."""
    return [
        ("e", "p", category, f"x{number}", start, end)
        for category, pairs in cells.items()
        for number, (start, end) in enumerate(pairs)
    ]


# Worked examples ---------------------------------------------------------------------------------


def _rows(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def vectors() -> dict[tuple[str, str, str, str], float]:
    fill(
        (r["case_id"], "p", r["category"], r["factor"], float(r["value_start"]), r["value_end"])
        for r in _rows("factors.csv")
    )
    found = {}
    for entity, effect, additive, ratio in CONNECTION.execute(
        "select entity, effect, additive, multiplicative from indicators.lmdi('factors')"
    ).fetchall():
        found[entity, "additive", "", effect] = additive
        found[entity, "multiplicative", "", effect] = ratio
    for entity, category, effect, additive in CONNECTION.execute(
        "select entity, category, effect, additive from indicators.lmdi_by_category('factors')"
    ).fetchall():
        found[entity, "by_category", category, effect] = additive
    return found


@pytest.mark.parametrize("case_id", sorted({row["case_id"] for row in _rows("effects.csv")}))
def test_the_worked_examples_hold(case_id: str, vectors: dict[tuple[str, ...], float]) -> None:
    wanted = [row for row in _rows("effects.csv") if row["case_id"] == case_id]
    assert wanted
    for row in wanted:
        key = (case_id, row["form"], row["category"], row["effect"])
        assert vectors[key] == pytest.approx(float(row["value"]), rel=0, abs=1e-8), key


def test_factors_side_by_side_give_the_same() -> None:
    """`lmdi_wide` on the worked examples, zeros, negatives and what is unknown: every digit."""
    rows: list[Factor] = [
        (r["case_id"], "p", r["category"], r["factor"], float(r["value_start"]), r["value_end"])
        for r in _rows("factors.csv")
    ]
    grid = [0.0, 2.0, -3.0, None]
    for number, (a, b, c, d) in enumerate(product(grid, grid, grid, grid)):
        entity = f"case {number}"
        rows += [(entity, "p", "one", "x", a, b), (entity, "p", "one", "y", c, d)]
        rows += [(entity, "p", "two", "x", 3.0, 5.0), (entity, "p", "two", "z", 2.0, 7.0)]
    fill(sorted(rows, key=lambda row: row[:4]))
    names = sorted({row[3] for row in rows})
    ends = ", ".join(
        f"max(case when factor = '{name}' then value_{end} end) as f{i}_{end}"
        for i, name in enumerate(names)
        for end in ("start", "end")
    )
    held = ", ".join(f"bool_or(factor = '{name}') as f{i}_held" for i, name in enumerate(names))
    CONNECTION.execute(
        f"create or replace table wide as select entity, period, category, {ends}, {held}"
        " from factors group by all order by all"
    )
    CONNECTION.execute(
        "create or replace table names as select * from (values "
        + ", ".join(f"('f{i}', '{name}')" for i, name in enumerate(names))
        + ") as named (effect, name)"
    )
    factors = [(f"f{i}", f"f{i}_start", f"f{i}_end", f"f{i}_held") for i in range(len(names))]
    columns = "entity, effect, additive, multiplicative, has_shared_zero"
    long = CONNECTION.execute(
        f"select {columns} from indicators.lmdi('factors') order by all"
    ).fetchall()
    wide = CONNECTION.execute(
        f"select {columns} from (select * replace (coalesce(names.name, found.effect) as effect)"
        f" from ({render('lmdi_wide', 'wide', ['entity', 'period'], factors)}) as found"
        " left join names using (effect)) order by all"
    ).fetchall()
    assert len(wide) > 1000
    assert wide == long


# A second implementation -------------------------------------------------------------------------


def log_mean(start: float, end: float) -> float:
    return start if start == end else (end - start) / (math.log(end) - math.log(start))


def by_the_book(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Effects of each factor from categories x factors, case by case as Ang, Zhang and Choi list
    them; two zeros at once share the value."""
    total = np.zeros(start.shape[1])
    for x0, x1 in zip(start, end, strict=True):
        v0, v1 = math.prod(x0), math.prod(x1)
        for k in range(len(x0)):
            if v0 == 0 and v1 == 0:
                continue
            if v0 == 0:
                total[k] += v1 / sum(x0 == 0) if x0[k] == 0 else 0
            elif v1 == 0:
                total[k] -= v0 / sum(x1 == 0) if x1[k] == 0 else 0
            else:
                total[k] += log_mean(v0, v1) * math.log(x1[k] / x0[k])
    return total


values = st.one_of(st.just(0.0), st.floats(1e-6, 1e6), st.sampled_from([1.0, 2.0, 1.0000001]))
shapes = st.tuples(st.integers(1, 4), st.integers(1, 5))


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = draw(shapes)
    size = rows * columns
    grid = st.lists(values, min_size=size, max_size=size)
    return tuple(np.array(draw(grid)).reshape(rows, columns) for _ in range(2))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_any_numbers_agree_with_the_book_and_add_up(case: tuple[np.ndarray, np.ndarray]) -> None:
    start, end = case
    found = effects(
        ("e", "p", f"c{i}", f"x{k}", start[i, k], end[i, k])
        for i, k in product(range(start.shape[0]), range(start.shape[1]))
    )
    v0, v1 = start.prod(axis=1).sum(), end.prod(axis=1).sum()
    scale = max(v0, v1, 1e-300)
    expected = by_the_book(start, end)
    names = [f"x{k}" for k in range(start.shape[1])]
    for name, value in zip(names, expected, strict=True):
        assert found[name][0] == pytest.approx(value, rel=1e-9, abs=1e-9 * scale)
    assert sum(found[name][0] for name in names) == pytest.approx(v1 - v0, abs=1e-9 * scale)
    assert found["total"][0] == pytest.approx(v1 - v0, abs=1e-9 * scale)
    if v0 > 0 and v1 > 0:
        ratio = math.prod(found[name][1] for name in names)
        assert ratio == pytest.approx(v1 / v0, rel=1e-9)
    else:
        assert {found[name][1] for name in names} == {None}


@settings(max_examples=25, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_order_and_names_change_nothing(
    case: tuple[np.ndarray, np.ndarray], shuffle: random.Random
) -> None:
    start, end = case
    rows: list[Factor] = [
        ("e", "p", f"c{i}", f"x{k}", start[i, k], end[i, k])
        for i, k in product(range(start.shape[0]), range(start.shape[1]))
    ]
    before = effects(rows)
    shuffle.shuffle(rows)
    renamed = {f"c{i}": f"d{9 - i}" for i in range(start.shape[0])}
    after = effects((e, p, renamed[c], x, a, b) for e, p, c, x, a, b in rows)
    assert before.keys() == after.keys()
    for name, pair in before.items():
        for one_way, other in zip(pair, after[name], strict=True):
            assert one_way == (
                None if other is None else pytest.approx(other, rel=1e-9, abs=1e-9 * start.sum())
            )


# Limits, signs, gaps -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "first", "second"),
    [
        ((0.0, 2.0), (3.0, 4.0), 12.0, 0.0),
        ((3.0, 4.0), (0.0, 2.0), -12.0, 0.0),
        ((2.0, 0.0), (2.0, 5.0), 0.0, 10.0),
        ((2.0, 5.0), (2.0, 0.0), 0.0, -10.0),
        ((0.0, 2.0), (0.0, 4.0), 0.0, 0.0),
        ((0.0, 2.0), (1.0, 0.0), 0.0, 0.0),
        ((1.0, 0.0), (0.0, 2.0), 0.0, 0.0),
        ((0.0, 0.0), (3.0, 4.0), 6.0, 6.0),
    ],
    ids=["appears", "goes", "second appears", "second goes", "none", "both", "either", "shared"],
)
def test_zeros_are_the_limits(start, end, first: float, second: float) -> None:
    found = effects(one({"a": list(zip(start, end, strict=True))}))
    assert found["x0"][0] == pytest.approx(first, rel=1e-12)
    assert found["x1"][0] == pytest.approx(second, rel=1e-12)
    (shared,) = CONNECTION.execute(
        "select bool_or(has_shared_zero) from indicators.lmdi('factors')"
    ).fetchone()
    assert shared == (start == (0.0, 0.0))


def test_the_limit_is_what_small_numbers_tend_to() -> None:
    exact = effects(one({"a": [(0.0, 3.0), (2.0, 4.0)], "b": [(5.0, 6.0), (1.0, 2.0)]}))
    near = effects(one({"a": [(1e-250, 3.0), (2.0, 4.0)], "b": [(5.0, 6.0), (1.0, 2.0)]}))
    assert exact["x0"][0] == pytest.approx(near["x0"][0], rel=0.01)


def test_an_unchanged_category_has_effects_that_cancel() -> None:
    """L(a, a) = a: 2 x 6 = 4 x 3, so the effects are 12 ln 2 and -12 ln 2, not nothing."""
    found = effects(one({"a": [(2.0, 4.0), (6.0, 3.0)]}))
    assert found["x0"] == (pytest.approx(12 * math.log(2)), pytest.approx(2.0))
    assert found["x1"] == (pytest.approx(-12 * math.log(2)), pytest.approx(0.5))


def test_a_ratio_near_one_keeps_its_digits() -> None:
    end = 1 + 1e-13
    found = effects(one({"a": [(1e9, 1e9 * end), (1.0, 1.0)]}))
    assert found["x0"][0] == pytest.approx(1e9 * (end - 1), rel=1e-9)


def test_a_negative_term_stands_apart() -> None:
    """Net export of electricity: 100 -> 130 without it, -10 -> 5 of its own; 90 -> 135 in all."""
    found = effects(
        one({"coal": [(10.0, 13.0), (10.0, 10.0)], "import": [(-1.0, 0.5), (10.0, 10.0)]})
    )
    assert found["x0"] == (pytest.approx(30), pytest.approx(1.3))
    assert found["x1"] == (pytest.approx(0, abs=1e-12), pytest.approx(1))
    assert found["separate_terms"] == (pytest.approx(15), pytest.approx(1.5 / 1.3))
    assert found["total"] == (pytest.approx(45), pytest.approx(1.5))


def test_what_is_unknown_stays_unknown() -> None:
    rows = one({"a": [(1.0, 2.0), (3.0, 4.0)], "b": [(1.0, 2.0), (3.0, 4.0)]})
    rows[-1] = (*rows[-1][:5], None)
    rows += [("other", *row[1:]) for row in one({"a": [(1.0, 2.0)]})]
    fill(rows)
    found = CONNECTION.execute(
        "select entity, bool_or(additive is not null) from indicators.lmdi('factors') group by all"
    ).fetchall()
    assert dict(found) == {"e": False, "other": True}


def test_categories_may_have_factors_of_their_own() -> None:
    """Households have no value added: one factor, 10 -> 20, beside two of industry, 6 -> 12."""
    rows = one({"industry": [(2.0, 4.0), (3.0, 3.0)]})
    found = effects([*rows, ("e", "p", "households", "per_head", 10.0, 20.0)])
    assert found["per_head"][0] == pytest.approx(10)
    assert found["x0"][0] == pytest.approx(6)
    assert found["total"][0] == pytest.approx(16)


def test_chained_steps_add_up_to_the_same_change() -> None:
    levels = {2016: (2.0, 5.0), 2018: (4.0, 4.0), 2020: (3.0, 6.0)}
    CONNECTION.execute(
        "create or replace table levels "
        "(entity varchar, year integer, category varchar, factor varchar, value double)"
    )
    CONNECTION.executemany(
        "insert into levels values ('e', ?, 'a', ?, ?)",
        [(year, f"x{k}", value) for year, pair in levels.items() for k, value in enumerate(pair)],
    )
    found = defaultdict(dict)
    for chaining, effect, additive, ratio in CONNECTION.execute(
        "select chaining, effect, additive, multiplicative"
        " from indicators.lmdi_between('levels', 2016, 2020)"
    ).fetchall():
        found[chaining][effect] = additive, ratio
    steps = [(10.0, 16.0, 2.0, 4.0), (16.0, 18.0, 4.0, 3.0)]
    chained = sum(log_mean(v0, v1) * math.log(x1 / x0) for v0, v1, x0, x1 in steps)
    assert found["chained"]["x0"][0] == pytest.approx(chained)
    assert found["end_point"]["x0"][0] == pytest.approx(log_mean(10, 18) * math.log(1.5))
    assert found["chained"]["x0"][0] != pytest.approx(found["end_point"]["x0"][0], rel=1e-3)
    for way in found.values():
        assert way["x0"][0] + way["x1"][0] == pytest.approx(8)
        assert way["x0"][1] * way["x1"][1] == pytest.approx(1.8)
    outside = CONNECTION.execute(
        "select count(*) from indicators.lmdi_between('levels', 2015, 2020)"
    ).fetchone()
    assert outside == (0,)


def test_many_categories_in_one_pass() -> None:
    """10^5 category-years of 5 factors against numpy on the same data; benchmarks/ has 10^6."""
    from benchmarks.lmdi import compare

    assert compare(100_000).difference < 1e-9
