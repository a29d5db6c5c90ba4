"""Mann-Kendall: the published series of the report, scipy, and every order of a few numbers."""

from __future__ import annotations

import csv
import math
from collections import Counter
from itertools import permutations

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from orchestration.publishing.table_macros import create_table_macros, render
from orchestration.settings import PROJECT_ROOT

EXACT = PROJECT_ROOT / "seeds" / "reference" / "thresholds" / "mann_kendall_exact.csv"
FIGURES = PROJECT_ROOT / "seeds" / "report" / "report_2023" / "figures.csv"
CONNECTION = duckdb.connect()
CONNECTION.execute("create schema indicators")
create_table_macros(CONNECTION)


def mann_kendall(values: list[float]) -> dict[str, float]:
    CONNECTION.execute(
        "create or replace table series as select 'e' as entity, position as year, value"
        " from (select unnest(?) as value, generate_subscripts(?, 1) as position)",
        [values, values],
    )
    found = CONNECTION.execute("from indicators.mann_kendall('series')")
    names = [column[0] for column in found.description]
    return dict(zip(names, found.fetchone(), strict=True))


def exact() -> dict[tuple[int, int], float]:
    with EXACT.open(encoding="utf-8", newline="") as file:
        return {
            (int(row["years_count"]), int(row["s"])): int(row["orders_at_least"])
            / int(row["orders"])
            for row in csv.DictReader(file)
        }


def published(prefix: str, first: int) -> list[float]:
    with FIGURES.open(encoding="utf-8-sig", newline="") as file:
        values = {row["figure_id"]: row["value"] for row in csv.DictReader(file)}
    return [float(values[f"{prefix}-{first + year:03d}"]) for year in range(5)]


@pytest.mark.parametrize(
    ("first", "s", "z", "p"),
    [(1, 8, 1.7146, 0.0864), (6, -4, -0.7348, 0.4624), (11, -10, -2.2045, 0.0275)],
    ids=["co2", "industry", "coal"],
)
def test_the_series_of_the_report(first: int, s: int, z: float, p: float) -> None:
    """CO2 of 2016-2020 as printed: no trend, none, falling."""
    found = mann_kendall(published("F23", first))
    assert found["s"] == s
    assert found["z"] == pytest.approx(z, abs=5e-5)
    assert found["p_normal"] == pytest.approx(p, abs=5e-5)


def test_the_exact_probability_of_the_report() -> None:
    assert 2 * exact()[5, 8] == pytest.approx(0.0833, abs=5e-5)


@pytest.mark.parametrize("count", range(2, 8))
def test_the_exact_table_counts_orders(count: int) -> None:
    scores = Counter(
        sum(np.sign(order[j] - order[i]) for j in range(count) for i in range(j))
        for order in permutations(range(count))
    )
    for s in (s for s in scores if s >= 0):
        share = sum(number for score, number in scores.items() if score >= s) / math.factorial(
            count
        )
        assert exact()[count, int(s)] == pytest.approx(share)


@pytest.mark.parametrize("count", [8, 9])
def test_the_exact_table_agrees_with_scipy(count: int) -> None:
    """The two-sided exact probability of Kendall's tau against time is the same question."""
    order = list(range(count))
    for swaps in range(0, count - 1, 2):
        values = [*reversed(order[: swaps + 1]), *order[swaps + 1 :]]
        s = int(mann_kendall([float(value) for value in values])["s"])
        expected = stats.kendalltau(range(count), values, method="exact").pvalue
        assert min(1.0, 2 * exact()[count, abs(s)]) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 12).map(float), min_size=3, max_size=25))
def test_any_series_agrees_with_a_second_implementation(values: list[float]) -> None:
    n = len(values)
    s = sum(np.sign(values[j] - values[i]) for j in range(n) for i in range(j))
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    z = 0.0 if s == 0 else (s - np.sign(s)) / math.sqrt(variance)
    found = mann_kendall(values)
    assert found["s"] == s
    assert found["variance"] == pytest.approx(variance)
    assert found["z"] == pytest.approx(z)
    assert found["p_normal"] == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9, abs=1e-11)


def test_the_normal_tail_agrees_with_scipy() -> None:
    tail = render("normal_upper_tail", "z")
    found = CONNECTION.execute(
        f"select z, {tail} from (select range / 100.0::double as z from range(0, 651))"
    ).fetchall()
    assert len(found) == 651
    for z, probability in found:
        assert probability == pytest.approx(stats.norm.sf(z), rel=1e-9)
