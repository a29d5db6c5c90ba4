"""DEA against its dual, closed forms and a search, and what holds for any numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from orchestration.serving.frontier import Returns, envelop, returns_to_scale

CLOSE = 1e-9

counts = st.integers(3, 12)
factors = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1)
kinds = st.sampled_from(["constant", "variable"])


def random_case(units: int, inputs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    outputs = 1 + seed % 2
    return draw.lognormal(5, 1, (units, inputs)), draw.lognormal(3, 1, (units, outputs))


def efficiencies(inputs: np.ndarray, outputs: np.ndarray, kind: Returns) -> np.ndarray:
    return np.array([envelop(inputs, outputs, u, kind).efficiency for u in range(len(inputs))])


def by_prices(inputs: np.ndarray, outputs: np.ndarray, unit: int, kind: str) -> float:
    """The dual: the prices that let the unit look best, at which no unit earns more than it costs.

    Charnes, Cooper and Rhodes' own form, by another algorithm on numbers of another scale.
    """
    used, made = inputs / inputs.mean(axis=0), outputs / outputs.mean(axis=0)
    free = kind == "variable"
    bonus = np.full((len(used), 2), [1.0, -1.0]) * free
    found = linprog(
        -np.concatenate([made[unit], np.zeros(used.shape[1]), bonus[unit]]),
        A_ub=np.hstack([made, -used, bonus]),
        b_ub=np.zeros(len(used)),
        A_eq=np.concatenate([np.zeros(made.shape[1]), used[unit], [0, 0]])[None, :],
        b_eq=[1.0],
        method="highs-ipm",
    )
    assert found.success
    return -found.fun


@settings(max_examples=40, deadline=None)
@given(counts, factors, seeds, kinds)
def test_efficiency_is_that_of_the_dual(units: int, inputs: int, seed: int, kind: Returns) -> None:
    case = random_case(units, inputs, seed)
    for unit, found in enumerate(efficiencies(*case, kind)):
        assert found == pytest.approx(by_prices(*case, unit, kind), rel=0, abs=CLOSE)


@given(counts, seeds)
@settings(max_examples=25, deadline=None)
def test_one_input_and_one_output_is_a_ratio(units: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    inputs, outputs = draw.lognormal(0, 1, (2, units, 1))
    ratio = (outputs / inputs)[:, 0]
    assert efficiencies(inputs, outputs, "constant") == pytest.approx(
        ratio / ratio.max(), abs=CLOSE
    )


@given(counts, factors, seeds)
@settings(max_examples=25, deadline=None)
def test_equal_outputs_make_the_best_of_pairs_a_bound(units: int, inputs: int, seed: int) -> None:
    """Variable returns may mix units; one unit alone is a mix, so the score is never above it."""
    used, _ = random_case(units, inputs, seed)
    made = np.ones((units, 1))
    alone = (used[None, :, :] / used[:, None, :]).max(axis=2).min(axis=1)
    found = efficiencies(used, made, "variable")
    assert (found <= alone + CLOSE).all()
    if inputs == 1:
        assert found == pytest.approx(alone, abs=CLOSE)


@given(counts, factors, seeds, kinds)
@settings(max_examples=25, deadline=None)
def test_peers_make_as_much_of_less(units: int, inputs: int, seed: int, kind: Returns) -> None:
    used, made = random_case(units, inputs, seed)
    scores = [envelop(used, made, unit, kind) for unit in range(units)]
    for unit, score in enumerate(scores):
        weights = np.zeros(units)
        weights[list(score.peers)] = list(score.peers.values())
        if kind == "variable":
            assert weights.sum() == pytest.approx(1, abs=1e-6)
        # What the mix uses and what is idle make up the share of the unit.
        assert weights @ used + score.slacks == pytest.approx(
            score.efficiency * used[unit], rel=1e-6
        )
        assert (weights @ made >= made[unit] * (1 - 1e-6)).all()
        for peer in score.peers:
            assert scores[peer].efficiency == pytest.approx(1, abs=1e-6)
            assert sum(scores[peer].slacks) == pytest.approx(0, abs=1e-4)


@given(counts, factors, seeds, kinds)
@settings(max_examples=25, deadline=None)
def test_units_and_order_do_not_matter_and_less_is_better(
    units: int, inputs: int, seed: int, kind: Returns
) -> None:
    used, made = random_case(units, inputs, seed)
    draw = np.random.default_rng(seed)
    before = efficiencies(used, made, kind)
    order = draw.permutation(units)
    scaled = used * draw.uniform(0.01, 100, inputs), made * draw.uniform(0.01, 100, made.shape[1])
    after = efficiencies(scaled[0][order], scaled[1][order], kind)
    assert after == pytest.approx(before[order], abs=CLOSE)
    saving = used.copy()
    saving[0] *= draw.uniform(0.5, 1, inputs)
    assert envelop(saving, made, 0, kind).efficiency >= before[0] - CLOSE
    assert efficiencies(used, made, "variable") == pytest.approx(
        np.maximum(efficiencies(used, made, "variable"), efficiencies(used, made, "constant"))
    )


def test_a_case_by_hand() -> None:
    """A makes 1 of 2, B 3 of 3, C 5 of 6, D 4 of 8: B is the best ratio.

    D at variable returns lies between B (3 of 3) and C (5 of 6): 4 of 4.5. A is the smallest, so
    it is efficient at its size and too small; D is too large.
    """
    inputs, outputs = np.array([[2.0], [3], [6], [8]]), np.array([[1.0], [3], [5], [4]])
    assert efficiencies(inputs, outputs, "constant") == pytest.approx([0.5, 1, 5 / 6, 0.5])
    assert efficiencies(inputs, outputs, "variable") == pytest.approx([1, 1, 1, 4.5 / 8])
    assert envelop(inputs, outputs, 3, "variable").peers == pytest.approx({1: 0.5, 2: 0.5})
    scales = [
        returns_to_scale(
            inputs,
            outputs,
            unit,
            envelop(inputs, outputs, unit).efficiency,
            envelop(inputs, outputs, unit, "variable").efficiency,
        )
        for unit in range(4)
    ]
    assert scales == ["increasing", "constant", "decreasing", "decreasing"]


def test_what_is_idle_is_told() -> None:
    """The second makes the same of as much land and twice the water: on the edge, 3 of it idle."""
    inputs, outputs = np.array([[2.0, 3.0], [2.0, 6.0]]), np.ones((2, 1))
    score = envelop(inputs, outputs, 1, "variable")
    assert score.efficiency == pytest.approx(1)
    assert score.peers == pytest.approx({0: 1})
    assert score.slacks == pytest.approx((0, 3))
