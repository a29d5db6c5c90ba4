"""How wide an account is, worked by hand and against Monte Carlo on random accounts."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from orchestration.inventory import uncertainty


def line(
    number: int, tonnes: float, activity: int, factor: str, half_range: float, entry: str = "a"
) -> dict[str, Any]:
    return {
        "line_no": number,
        "entry": entry,
        "view": None,
        "is_in_net": True,
        "co2e_t": tonnes,
        "activity_no": activity,
        "factor_key": factor,
        "relative_half_range": half_range,
    }


def test_independent_lines_add_in_quadrature() -> None:
    lines = [line(1, 300, 1, "coal", 0.0), line(2, 400, 2, "gas", 0.0)]
    # 300 x 10 % = 30 and 400 x 10 % = 40: the root of 900 + 1600
    assert uncertainty.propagate(lines, {1: 0.1, 2: 0.1}) == 50


def test_lines_of_one_factor_add_and_so_do_lines_of_one_activity() -> None:
    lines = [line(1, 300, 1, "coal", 0.1), line(2, 400, 2, "coal", 0.1)]
    # one factor is wrong for both: (300 + 400) x 10 %
    assert uncertainty.propagate(lines, {1: 0.0, 2: 0.0}) == 70
    lines = [line(1, 300, 1, "co2", 0.0), line(2, -100, 1, "ch4", 0.0)]
    assert uncertainty.propagate(lines, {1: 0.1}) == 20


def test_the_given_example_by_both_ways() -> None:
    """Example B: gas 25,980.18 t, power 59,940 t, heat 44,000 t; 5, 2, 5 % and 7, 5, 15 %."""
    lines = [
        line(1, 25980.18, 1, "gas", 0.07, "combustion"),
        line(2, 59940, 2, "grid", 0.05, "purchased_electricity"),
        line(3, 44000, 3, "heat", 0.15, "purchased_heat"),
    ]
    activities = {1: 0.05, 2: 0.02, 3: 0.05}
    expected = math.sqrt(
        25980.18**2 * (0.05**2 + 0.07**2)
        + 59940**2 * (0.02**2 + 0.05**2)
        + 44000**2 * (0.05**2 + 0.15**2)
    )
    assert uncertainty.propagate(lines, activities) == pytest.approx(expected, rel=1e-12)
    # the root of 4,994,776 + 10,419,130 + 48,400,000
    assert round(expected) == 7988
    drawn, by_entry = uncertainty.simulate(lines, activities)
    assert drawn["half_range_t"] == pytest.approx(expected, rel=0.05)
    assert drawn["mean_t"] == pytest.approx(129920.18, rel=0.001)
    assert by_entry["purchased_heat"] == pytest.approx(44000 * math.hypot(0.05, 0.15), rel=0.05)


@pytest.mark.parametrize("seed", range(6))
def test_the_two_ways_agree_on_random_accounts(seed: int) -> None:
    chance = random.Random(seed)
    lines = [
        line(
            number,
            chance.lognormvariate(6, 1.5) * chance.choice([1, 1, 1, -0.2]),
            number // 2,
            f"f{chance.randrange(8)}",
            0.0,
            chance.choice(["combustion", "process", "purchased_electricity"]),
        )
        for number in range(60)
    ]
    ranges = {f"f{number}": chance.choice([0.02, 0.05, 0.07, 0.15]) for number in range(8)}
    for row in lines:
        row["relative_half_range"] = ranges[row["factor_key"]]
    activities = {number: chance.choice([0.02, 0.05, 0.2]) for number in range(30)}
    found = uncertainty.of_account(
        {
            "activities": [
                {"activity_no": number, "relative_half_range": value}
                for number, value in activities.items()
            ],
            "lines": lines,
            "views": [None],
        }
    )
    (view,) = found["views"]
    assert view["agrees"] and view["difference"] < 0.05
    assert (
        view
        == uncertainty.of_account(
            {
                "activities": [
                    {"activity_no": number, "relative_half_range": value}
                    for number, value in activities.items()
                ],
                "lines": lines[::-1],
                "views": [None],
            }
        )["views"][0]
    )


def test_a_disagreement_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two factors that are each wrong by half and more: the product is no longer near to linear."""
    monkeypatch.setattr(uncertainty, "AGREES", 0.0001)
    lines = [line(1, 100, 1, "leak", 2.0)]
    facts = {
        "activities": [{"activity_no": 1, "relative_half_range": 0.5}],
        "lines": lines,
        "views": [None],
    }
    (view,) = uncertainty.of_account(facts)["views"]
    assert not view["agrees"]
    assert view["monte_carlo_low_t"] > 0


def test_an_empty_account_is_not_wide() -> None:
    assert uncertainty.propagate([], {}) == 0
    assert uncertainty.simulate([], {})[0]["half_range_t"] == 0
