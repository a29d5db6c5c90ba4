"""The cheapest path: by hand, against the vertices of small programmes, and by duality."""

from __future__ import annotations

import itertools
from typing import Any

import clarabel
import numpy as np
import pytest
from scipy import sparse

from orchestration.paths.least_cost import (
    Bound,
    Measure,
    Programme,
    Start,
    build,
    cheapest,
    nearest,
    solve,
)

SMALL = Bound("small", 200_000, 1_000_000, 0.2)
LARGE = Bound("large", 1_000_000, None, 0.3)


def start(co2: float, tce: float, **entries: float) -> Start:
    return Start(2025, co2, tce, entries)


def test_two_measures_by_hand() -> None:
    """100,000 t have to go: the cheap one gives 60,000, half of the dear one the other 40,000."""
    account = start(200_000, 500_000, purchased_electricity=150_000, combustion=50_000)
    cheap = Measure("cheap", "purchased_electricity", 60_000, 60)
    dear = Measure("dear", "purchased_electricity", 80_000, 800)
    found = cheapest(account, [cheap, dear], [SMALL, LARGE], 2027, 0.0)
    assert found.status == "reached" and found.bound == SMALL
    assert found.used["cheap", 2027] == pytest.approx(1)
    assert found.used["dear", 2027] == pytest.approx(0.5)
    assert found.cost_10k_cny == pytest.approx(60 + 400)
    # One more tonne is one of the dear measure: 800 over 80,000.
    assert found.one_more_tonne_10k_cny == pytest.approx(0.01)
    assert found.used["dear", 2026] == 0


def test_what_is_too_late_is_said() -> None:
    account = start(200_000, 500_000, purchased_electricity=150_000)
    late = Measure("late", "purchased_electricity", 150_000, 1, lead_years=3)
    now = Measure("now", "purchased_electricity", 60_000, 1)
    found = cheapest(account, [late, now], [SMALL, LARGE], 2027, 0.05)
    assert found.status == "not_reached"
    assert found.shortfall_t == pytest.approx(100_000 - 60_000)
    told = {(row["kind"], row["of"]) for row in found.binding}
    assert told == {("lead_time", "late"), ("potential", "now")}
    assert cheapest(account, [late, now], [SMALL, LARGE], 2028, 0.05).status == "reached"


def test_an_entry_is_not_cut_twice() -> None:
    """Direct power and certificates want the same megawatt hours: 150,000 t in all."""
    account = start(300_000, 500_000, purchased_electricity=150_000, combustion=150_000)
    both = [Measure(name, "purchased_electricity", 150_000, 1) for name in ("direct", "paper")]
    found = cheapest(account, both, [SMALL], 2026, 0.05)
    assert found.status == "not_reached"
    assert found.shortfall_t == pytest.approx(50_000)
    assert [(r["kind"], r["of"]) for r in found.binding] == [("entry", "purchased_electricity")]


def test_power_of_electrification_may_be_covered() -> None:
    account = start(300_000, 500_000, purchased_electricity=150_000, combustion=150_000)
    paper = Measure("paper", "purchased_electricity", 250_000, 1)
    heat_pumps = Measure(
        "pumps", "combustion", 100_000, 5, added_entry="purchased_electricity", added_co2_t=90_000
    )
    found = cheapest(account, [paper, heat_pumps], [SMALL], 2026, 0.0)
    assert found.status == "reached"
    # 150,000 from the certificates that there was power for, 50,000 from half of the pumps, whose
    # 45,000 take certificates too.
    assert found.used["pumps", 2026] == pytest.approx(0.5)
    assert found.used["paper", 2026] == pytest.approx(195_000 / 250_000)


def test_a_saving_that_leaves_the_class_is_judged_by_the_other_bound() -> None:
    """1,010,000 tce at 0.25 meet 0.3; saving 2 % of it would fall under 0.2, so it is not taken."""
    account = start(252_500, 1_010_000, combustion=252_500)
    saving = Measure("saving", "combustion", 20_000, -100, energy_change_tce=-20_200)
    found = cheapest(account, [saving], [SMALL, LARGE], 2026, 0.0)
    assert found.bound == LARGE
    assert found.used["saving", 2026] == pytest.approx(10_000 / 20_200)
    assert ("class_from", "large") in {(row["kind"], row["of"]) for row in found.binding}


@pytest.mark.parametrize(
    ("tce", "ratio", "status"),
    [(999_999.9, 0.25, "not_reached"), (1_000_000, 0.25, "reached"),
     (199_999.9, 0.05, "no_class_reached"), (200_000, 0.2, "reached")],
)  # fmt: skip
def test_the_edges_of_the_classes(tce: float, ratio: float, status: str) -> None:
    useless = Measure("useless", "combustion", 0.001, 1)
    account = start(ratio * tce, tce, combustion=ratio * tce)
    assert cheapest(account, [useless], [SMALL, LARGE], 2026, 0.05).status == status
    assert cheapest(account, [], [SMALL, LARGE], 2026, 0.05).status in (status, "not_reached")


def random_case(seed: int, measures: int, years: int) -> tuple[Programme, Programme]:
    """A programme that can be met, and the same with one more tonne asked for."""
    chance = np.random.default_rng(seed)
    entries = {"combustion": 3e5, "purchased_electricity": 4e5, "process": 1e5}
    names = sorted(entries)
    options = []
    for number in range(measures):
        cut_entry, added = names[chance.integers(3)], chance.random() < 0.3
        options.append(
            Measure(
                f"m{number}",
                cut_entry,
                float(chance.uniform(1e4, 2e5)),
                float(chance.normal(500, 400)),
                float(chance.uniform(0, 900)),
                "purchased_electricity" if added else None,
                float(chance.uniform(0, 2e4)) if added else 0.0,
                float(-chance.uniform(0, 2e4)) if chance.random() < 0.4 else 0.0,
                int(chance.integers(0, 3)),
            )
        )
    ratio = float(chance.uniform(1.25, 1.6))
    made = []
    for more in (0.0, 1.0):
        account = Start(2025, 8e5 + more, 5e5, entries)
        bound = Bound("small", 2e5, 1e6, ratio)
        made.append(build(account, options, bound, 2025 + years, 0.05))
    return made[0], made[1]


def by_clarabel(
    c: np.ndarray, upper: np.ndarray, a: np.ndarray, b: np.ndarray
) -> tuple[str, float, float, np.ndarray]:
    """Status, optimum, optimum of the dual and its prices of the rows, by another solver.

    Clarabel is an interior-point solver of the homogeneous embedding, written in Rust: it shares
    neither code nor method with HiGHS, and proves that nothing fits by a certificate of its own.
    """
    count = len(c)
    bounded = np.isfinite(upper)
    rows = np.vstack([a, np.eye(count)[bounded], -np.eye(count)])
    limits = np.concatenate([b, upper[bounded], np.zeros(count)])
    scale = np.abs(rows).max(axis=1)
    scale[scale == 0] = 1.0
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_rel = settings.tol_feas = 1e-10
    found = clarabel.DefaultSolver(
        sparse.csc_matrix((count, count)),
        c,
        sparse.csc_matrix(rows / scale[:, None]),
        limits / scale,
        [clarabel.NonnegativeConeT(len(limits))],
        settings,
    ).solve()
    prices = -np.array(found.z)[: len(b)] / scale[: len(b)]
    return str(found.status), found.obj_val, found.obj_val_dual, prices


def dual_objective(programme: Programme, result: Any) -> float:
    """What the duals say the objective is: prices of the rows and of the upper bounds."""
    return float(programme.b @ result.ineqlin.marginals + programme.upper @ result.upper.marginals)


@pytest.mark.parametrize("seed", range(40))
def test_strong_duality_and_complementary_slackness(seed: int) -> None:
    """A dual that is feasible and as large proves the optimum, whoever found it."""
    programme, dearer = random_case(seed, measures=3 + seed % 5, years=1 + seed % 4)
    result = solve(programme)
    other = solve(programme, "highs-ipm")
    assert result.status == other.status
    if result.status != 0:
        assert result.status == 2
        return
    scale = max(1.0, float(np.abs(programme.c).sum()))
    rows, top, bottom = result.ineqlin.marginals, result.upper.marginals, result.lower.marginals
    slack = programme.b - programme.a @ result.x
    assert slack.min() > -1e-6 * 8e5
    # The dual is feasible: its signs, and c = a'y + what the bounds of the variables are worth.
    assert max(rows.max(), top.max(), -bottom.min()) <= 1e-9 * scale
    assert np.abs(programme.c - programme.a.T @ rows - top - bottom).max() <= 1e-7 * scale
    assert dual_objective(programme, result) == pytest.approx(result.fun, abs=1e-7 * scale)
    assert np.abs(rows * slack).max() <= 1e-6 * scale
    assert np.abs(top * (programme.upper - result.x)).max() <= 1e-6 * scale
    assert np.abs(bottom * result.x).max() <= 1e-6 * scale
    assert other.fun == pytest.approx(result.fun, abs=1e-6 * scale)
    ratio = next(n for n, row in enumerate(programme.rows) if row.kind == "ratio")
    again = solve(dearer)
    if again.status == 0 and slack[ratio] < 1e-3:
        # The price of a tonne is what one more tonne costs, unless the basis changes within it.
        assert again.fun - result.fun >= -rows[ratio] - 1e-6 * scale


@pytest.mark.parametrize("seed", range(40))
def test_a_second_solver_finds_the_same(seed: int) -> None:
    """Optimum, price of one more tonne and, out of reach, how many tonnes are missing."""
    programme, _ = random_case(seed, measures=3 + seed % 5, years=1 + seed % 4)
    result = solve(programme)
    status, optimum, of_dual, prices = by_clarabel(
        programme.c, programme.upper, programme.a, programme.b
    )
    ratio = next(n for n, row in enumerate(programme.rows) if row.kind == "ratio")
    if result.status == 0:
        assert status == "Solved"
        assert optimum == pytest.approx(result.fun, rel=1e-7, abs=1e-6)
        assert of_dual == pytest.approx(result.fun, rel=1e-7, abs=1e-6)
        assert prices[ratio] == pytest.approx(result.ineqlin.marginals[ratio], rel=1e-5, abs=1e-9)
        return
    assert (result.status, status) == (2, "PrimalInfeasible")
    # The ratio may be missed by z, and z is made as small as can be.
    missed = np.zeros((len(programme.b), 1))
    missed[ratio] = -1.0
    status, tonnes, of_dual, _ = by_clarabel(
        np.append(np.zeros(len(programme.c)), 1.0),
        np.append(programme.upper, np.inf),
        np.hstack([programme.a, missed]),
        programme.b,
    )
    found = nearest(programme, Bound("small", 2e5, 1e6, 1.0))
    assert (status, found.status) == ("Solved", "not_reached")
    assert tonnes == pytest.approx(found.shortfall_t, rel=1e-6, abs=1e-2)
    assert of_dual == pytest.approx(found.shortfall_t, rel=1e-6, abs=1e-2)


@pytest.mark.parametrize("seed", range(25))
def test_no_vertex_is_cheaper(seed: int) -> None:
    """The optimum is at a vertex: all of them, for two measures of one year, without a solver."""
    programme, _ = random_case(100 + seed, measures=2, years=1)
    result = solve(programme)
    count = len(programme.columns)
    identity = np.eye(count)
    planes = np.vstack([programme.a, identity, -identity])
    limits = np.concatenate([programme.b, programme.upper, np.zeros(count)])
    norms = np.linalg.norm(planes, axis=1)
    keep = norms > 0
    empty_is_fine = (limits[~keep] >= 0).all()
    planes, limits = planes[keep] / norms[keep, None], limits[keep] / norms[keep]
    best = np.inf
    for chosen in itertools.combinations(range(len(limits)), count):
        corner, of = planes[list(chosen)], limits[list(chosen)]
        if abs(np.linalg.det(corner)) < 1e-9:
            continue
        point = np.linalg.solve(corner, of)
        if (planes @ point <= limits + 1e-7).all():
            best = min(best, float(programme.c @ point))
    if result.status == 0:
        assert empty_is_fine and best == pytest.approx(result.fun, abs=1e-4)
    else:
        assert best == np.inf or not empty_is_fine


def test_most_of_the_random_programmes_have_an_optimum() -> None:
    statuses = [
        solve(random_case(seed, 3 + seed % 5, 1 + seed % 4)[0]).status for seed in range(40)
    ]
    assert statuses.count(0) > 30 and statuses.count(2) > 0
    assert [solve(random_case(100 + seed, 2, 1)[0]).status for seed in range(25)].count(0) > 8
