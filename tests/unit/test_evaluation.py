"""Entropy, weighted sum and TOPSIS: a second implementation, and what holds for any numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from scipy.stats import entropy, gmean

from orchestration.publishing.table_macros import create_table_macros, render
from orchestration.settings import PROJECT_ROOT

CONNECTION = duckdb.connect()
CONNECTION.execute("create schema indicators")
create_table_macros(CONNECTION)

PYMCDM = PROJECT_ROOT / "tests" / "fixtures" / "evaluation" / "pymcdm.json"

Point = tuple[str, str, str, int, float, float | None]
Scores = dict[tuple[str, str], tuple[float, float]]
CLOSE = 1e-9

entity_counts = st.integers(3, 9)
indicator_counts = st.integers(2, 6)
seeds = st.integers(0, 2**32 - 1)


def evaluate(points: Iterable[Point]) -> list[dict[str, Any]]:
    CONNECTION.execute(
        "create or replace table points (group_id varchar, entity varchar, indicator varchar,"
        " preference integer, table_weight double, value double)"
    )
    CONNECTION.executemany("insert into points values (?, ?, ?, ?, ?, ?)", list(points))
    found = CONNECTION.execute("from indicators.evaluate('points')")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def scores(rows: list[dict[str, Any]]) -> Scores:
    return {(row["weighting"], row["entity"]): (row["score"], row["topsis_score"]) for row in rows}


def points_of(
    matrix: np.ndarray, preferences: np.ndarray, weights: np.ndarray, group: str = "g"
) -> list[Point]:
    """Rows of one group; what is no number is missing."""
    return [
        (
            group,
            f"e{row}",
            f"i{column}",
            int(preferences[column]),
            float(weights[column]),
            None if np.isnan(matrix[row, column]) else float(matrix[row, column]),
        )
        for row in range(matrix.shape[0])
        for column in range(matrix.shape[1])
    ]


def random_case(entities: int, indicators: int, seed: int) -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(seed)
    matrix = draw.lognormal(0, 1, (entities, indicators))
    return matrix, draw.choice([-1, 1], indicators), draw.integers(1, 5, indicators).astype(float)


def by_numpy(
    matrix: np.ndarray, preferences: np.ndarray, table: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    scaled = np.where(preferences > 0, matrix - low, high - matrix) / (high - low)
    # scipy's entropy makes shares of the column and takes 0 ln 0 for 0.
    divergence = 1 - entropy(scaled, axis=0) / np.log(len(matrix))
    found = {}
    for name, raw in (
        ("entropy", divergence),
        ("table", table),
        ("equal", np.ones_like(table)),
    ):
        weighted = scaled * (raw / raw.sum())
        best = np.linalg.norm(weighted - weighted.max(axis=0), axis=1)
        worst = np.linalg.norm(weighted - weighted.min(axis=0), axis=1)
        found[name] = (weighted.sum(axis=1), worst / (best + worst))
    return found


@settings(max_examples=40, deadline=None)
@given(entity_counts, indicator_counts, seeds)
def test_scores_are_those_of_a_second_implementation(
    entities: int, indicators: int, seed: int
) -> None:
    case = random_case(entities, indicators, seed)
    found = scores(evaluate(points_of(*case)))
    for weighting, expected in by_numpy(*case).items():
        ours = np.array([found[weighting, f"e{row}"] for row in range(entities)]).T
        assert np.allclose(ours, expected, rtol=0, atol=CLOSE)


def test_scores_are_those_of_pymcdm() -> None:
    """A library's TOPSIS and weighted sum (tests/fixtures/evaluation/make.py), by the table."""
    points = []
    cases = json.loads(PYMCDM.read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 40
    for place, case in enumerate(cases):
        given = (np.array(case[name]) for name in ("matrix", "types", "table"))
        points += points_of(*given, group=f"g{place}")
    rows = evaluate(points)
    for place, case in enumerate(cases):
        found = scores([row for row in rows if row["group_id"] == f"g{place}"])
        ours = np.array([found["table", f"e{n}"] for n in range(len(case["matrix"]))]).T
        expected = np.array([case["weighted_sum"], case["topsis"]])
        assert np.allclose(ours, expected, rtol=0, atol=CLOSE)
        # Its entropy takes no zeros, which scaled values have: that of scipy is checked by it.
        shares = np.array(case["matrix"])
        unlike = 1 - entropy(shares, axis=0) / np.log(len(shares))
        assert np.allclose(unlike / unlike.sum(), case["entropy_weights"], rtol=0, atol=CLOSE)


def test_gini_by_pairs_is_that_of_pymcdm() -> None:
    """What tests/integration/test_cities.py holds the published Gini against."""
    for case in json.loads(PYMCDM.read_text(encoding="utf-8"))["cases"]:
        columns = np.array(case["matrix"]).T
        ginis = np.array([pdist(c[:, None]).sum() / (len(c) ** 2 * c.mean()) for c in columns])
        assert np.allclose(ginis / ginis.sum(), case["gini_weights"], rtol=0, atol=CLOSE)


def couple(values: np.ndarray) -> dict[str, tuple[float, float, float]]:
    """Development, coupling and coordination of each row."""
    CONNECTION.execute(
        "create or replace table subsystems"
        " (group_id varchar, entity varchar, subsystem varchar, value double)"
    )
    CONNECTION.executemany(
        "insert into subsystems values ('g', ?, ?, ?)",
        [
            (f"e{row}", f"s{column}", None if np.isnan(value) else float(value))
            for (row, column), value in np.ndenumerate(values)
        ],
    )
    found = CONNECTION.execute(
        "select entity, development_index, coupling_degree, coordination_degree"
        " from indicators.coupling('subsystems')"
    )
    return {entity: tuple(rest) for entity, *rest in found.fetchall()}


@settings(max_examples=40, deadline=None)
@given(entity_counts, indicator_counts, seeds)
def test_coupling_is_that_of_scipy(entities: int, subsystems: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.uniform(0.01, 1, (entities, subsystems))
    found = couple(values)
    mean, coupling = values.mean(axis=1), gmean(values, axis=1) / values.mean(axis=1)
    ours = np.array([found[f"e{row}"] for row in range(entities)]).T
    assert np.allclose(ours, [mean, coupling, np.sqrt(coupling * mean)], rtol=0, atol=CLOSE)
    # The order of rows and of subsystems does not matter; what gets better is never worse.
    shuffled = couple(values[:, draw.permutation(subsystems)])
    better = values.copy()
    better[0, 0] = (better[0, 0] + 1) / 2
    improved = couple(better)
    for entity, (development, _, coordination) in found.items():
        assert shuffled[entity] == pytest.approx(found[entity], abs=CLOSE)
        assert improved[entity][0] >= development - CLOSE
        assert improved[entity][2] >= coordination - CLOSE


def test_coupling_at_its_edges() -> None:
    found = couple(np.array([[0.5, 0.5, 0.5], [1, 0, 1], [0, 0, 0], [1, 1, 1]]))
    assert found["e0"] == pytest.approx((0.5, 1, 0.5**0.5))
    assert found["e1"] == pytest.approx((2 / 3, 0, 0))
    assert found["e2"] == (0, None, None)
    assert found["e3"] == pytest.approx((1, 1, 1))


@settings(max_examples=25, deadline=None)
@given(entity_counts, indicator_counts, seeds)
def test_units_and_order_do_not_matter(entities: int, indicators: int, seed: int) -> None:
    matrix, preferences, weights = random_case(entities, indicators, seed)
    draw = np.random.default_rng(seed)
    # Other units, and a benefit told as a cost of the opposite sign.
    rescaled = matrix * draw.uniform(0.01, 100, indicators) + draw.uniform(-5, 5, indicators)
    turned = -rescaled
    before = scores(evaluate(points_of(matrix, preferences, weights)))
    rows = points_of(turned, -preferences, weights * 7)
    draw.shuffle(rows)
    after = scores(evaluate(rows))
    assert before.keys() == after.keys()
    for key, pair in before.items():
        assert after[key] == pytest.approx(pair, rel=0, abs=CLOSE)


@settings(max_examples=25, deadline=None)
@given(entity_counts, indicator_counts, seeds)
def test_what_gets_better_never_scores_less(entities: int, indicators: int, seed: int) -> None:
    """Within the range of its peers, by weights that do not depend on the values."""
    matrix, preferences, weights = random_case(entities, indicators, seed)
    better = matrix.copy()
    row, column = seed % entities, seed % indicators
    extreme = matrix[:, column].max() if preferences[column] > 0 else matrix[:, column].min()
    worst = matrix[:, column].min() if preferences[column] > 0 else matrix[:, column].max()
    # The worst of a column is what the others are measured from.
    assume(matrix[row, column] != worst)
    better[row, column] = (matrix[row, column] + extreme) / 2
    before = scores(evaluate(points_of(matrix, preferences, weights)))
    after = scores(evaluate(points_of(better, preferences, weights)))
    for weighting in ("table", "equal"):
        old, new = before[weighting, f"e{row}"], after[weighting, f"e{row}"]
        assert new[0] >= old[0] - CLOSE
        assert new[1] >= old[1] - CLOSE


@settings(max_examples=25, deadline=None)
@given(entity_counts, indicator_counts, seeds)
def test_parts_add_up_and_nothing_is_filled_in(entities: int, indicators: int, seed: int) -> None:
    matrix, preferences, weights = random_case(entities, indicators, seed)
    holes = np.random.default_rng(seed).random(matrix.shape) < 0.2
    matrix[holes] = np.nan
    rows = evaluate(points_of(matrix, preferences, weights))
    found = scores(rows)
    for weighting, entity in found:
        mine = [r for r in rows if (r["weighting"], r["entity"]) == (weighting, entity)]
        held = [r for r in mine if r["scaled_value"] is not None]
        for row in mine:
            is_hole = holes[int(entity[1:]), int(row["indicator"][1:])]
            assert (row["own_weight"] is None) == is_hole
        if found[weighting, entity][0] is None:  # weights that are all zero
            continue
        assert sum(r["own_weight"] for r in held) == pytest.approx(1)
        best = found[weighting, mine[0]["best_entity"]][0]
        gap = sum(r["gap_contribution"] for r in mine if r["gap_contribution"] is not None)
        assert gap == pytest.approx(best - found[weighting, entity][0], abs=CLOSE)
        assert gap >= -CLOSE


def test_an_indicator_equal_in_all_tells_nothing() -> None:
    matrix = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]])
    rows = evaluate(points_of(matrix, np.array([1, 1]), np.array([1.0, 9.0])))
    assert {row["indicator"] for row in rows} == {"i0"}
    assert [scores(rows)["table", f"e{row}"][0] for row in range(3)] == [0, 0.5, 1]
    assert evaluate(points_of(matrix[:, 1:], np.array([1]), np.array([1.0]))) == []


def test_groups_do_not_mix() -> None:
    one, other = random_case(5, 3, 1), random_case(4, 3, 2)
    alone = scores(evaluate(points_of(*one)))
    both = evaluate([*points_of(*one), *points_of(*other, group="h")])
    assert scores([row for row in both if row["group_id"] == "g"]) == alone


def test_draws_are_flat_dirichlet() -> None:
    """Mean 1/k, variance (k - 1) / (k^2 (k + 1)), and no two columns hang together."""
    drawn = CONNECTION.execute(render("dirichlet_draws", 10000)).fetchnumpy()
    columns = [drawn[name] for name in drawn if name.startswith("w_")]
    for count in (2, 5, len(columns)):
        weights = np.array(columns[:count])
        weights = weights / weights.sum(axis=0)
        variance = (count - 1) / (count**2 * (count + 1))
        assert weights.shape == (count, 10000)
        assert np.allclose(weights.mean(axis=1), 1 / count, rtol=0.02)
        assert np.allclose(weights.var(axis=1), variance, rtol=0.1)
    between = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(between).max() < 0.05
