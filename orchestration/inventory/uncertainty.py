"""How wide an account is: by error propagation and, as a check on it, by Monte Carlo.

A range is half of a 95 % interval. Lines of one activity (CO2 and CH4 of one heap of coal) share
its error, lines of one factor share the factor's; else errors are independent.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]

DRAWS = 20_000
CELLS = 2_000_000  # draws are made in blocks of about so many numbers
Z95 = 1.959963984540054  # of the normal distribution: half of a 95 % interval over its deviation
WIDE = 0.5  # a half range from here on is drawn log-normal: a quantity below zero makes no sense
AGREES = 0.05  # the two ways agree if their ranges differ by less
DIGITS = 6  # significant ones that are kept of what is drawn


def of_account(facts: dict[str, Any]) -> dict[str, Any]:
    """The ranges of each entry and of the net account, in every view of electricity."""
    activities = {row["activity_no"]: row["relative_half_range"] for row in facts["activities"]}
    lines = [row for row in facts["lines"] if row["is_in_net"]]
    views = [
        {
            "view": view,
            **_both_ways([row for row in lines if row["view"] in (None, view)], activities),
        }
        for view in facts["views"]
    ]
    return {"draws": DRAWS, "agreement_bound": AGREES, "views": views}


def _both_ways(lines: list[Row], activities: dict[int, float]) -> dict[str, Any]:
    total = math.fsum(row["co2e_t"] for row in lines)
    drawn, by_entry = simulate(lines, activities)
    entries = []
    for entry in sorted({row["entry"] for row in lines}):
        part = [row for row in lines if row["entry"] == entry]
        entries.append(
            {
                "entry": entry,
                "co2e_t": math.fsum(row["co2e_t"] for row in part),
                "half_range_t": propagate(part, activities),
                "monte_carlo_half_range_t": _kept(by_entry[entry]),
            }
        )
    propagated = propagate(lines, activities)
    difference = abs(_kept(drawn["half_range_t"]) / propagated - 1) if propagated else 0.0
    return {
        "co2e_t": total,
        "half_range_t": propagated,
        "relative_half_range": propagated / abs(total) if total else None,
        "monte_carlo_mean_t": _kept(drawn["mean_t"]),
        "monte_carlo_half_range_t": _kept(drawn["half_range_t"]),
        "monte_carlo_low_t": _kept(drawn["low_t"]),
        "monte_carlo_high_t": _kept(drawn["high_t"]),
        "difference": difference,
        "agrees": difference < AGREES,
        "entries": entries,
    }


def propagate(lines: Sequence[Row], activities: dict[int, float]) -> float:
    """Half of the 95 % interval of the sum, in tonnes: to first order, shared errors added."""
    by_activity: dict[Any, float] = defaultdict(float)
    by_factor: dict[Any, float] = defaultdict(float)
    for line in sorted(lines, key=lambda row: row["line_no"]):
        by_activity[line["activity_no"]] += line["co2e_t"] * activities[line["activity_no"]]
        by_factor[line["factor_key"]] += line["co2e_t"] * line["relative_half_range"]
    return math.sqrt(math.fsum(t * t for t in (*by_activity.values(), *by_factor.values())))


def simulate(
    lines: Sequence[Row], activities: dict[int, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Draw the account; the same lines give the same draws.

    Returns mean, half range and the ends of the 95 % interval of the sum, and the half range of
    each entry. The half range is that of a normal distribution of the deviation drawn, so that it
    can be compared with error propagation; the ends are quantiles.
    """
    import numpy as np

    if not lines:
        return {"mean_t": 0.0, "half_range_t": 0.0, "low_t": 0.0, "high_t": 0.0}, {}
    # Sorted so that the lines of one entry, and of one factor in it, stand together.
    lines = sorted(lines, key=lambda row: (row["entry"], row["factor_key"], row["line_no"]))
    tonnes = np.array([row["co2e_t"] for row in lines])
    activity_nos = sorted({row["activity_no"] for row in lines})
    factor_keys = sorted({row["factor_key"] for row in lines})
    of_activity = np.searchsorted(activity_nos, [row["activity_no"] for row in lines])
    places = {key: place for place, key in enumerate(factor_keys)}
    of_factor = np.array([places[row["factor_key"]] for row in lines])
    ranges = {row["factor_key"]: row["relative_half_range"] for row in lines}
    activity_ranges = np.array([activities[number] for number in activity_nos])
    factor_ranges = np.array([ranges[key] for key in factor_keys])
    entries = [row["entry"] for row in lines]
    starts = [
        place for place in range(len(lines)) if not place or entries[place - 1] != entries[place]
    ]

    generator = np.random.default_rng(_seed(lines, activities))
    block = max(1, min(DRAWS, CELLS // len(lines)))
    drawn = []
    for first in range(0, DRAWS, block):
        count = min(block, DRAWS - first)
        of_lines = (
            tonnes
            * _multipliers(generator, activity_ranges, count)[:, of_activity]
            * _multipliers(generator, factor_ranges, count)[:, of_factor]
        )
        drawn.append(np.add.reduceat(of_lines, starts, axis=1))
    by_entry = np.concatenate(drawn)
    total = by_entry.sum(axis=1)
    low, high = np.quantile(total, [0.025, 0.975])
    deviations = by_entry.std(axis=0)
    return (
        {
            "mean_t": float(total.mean()),
            "half_range_t": float(Z95 * total.std()),
            "low_t": float(low),
            "high_t": float(high),
        },
        {entries[start]: float(Z95 * d) for start, d in zip(starts, deviations, strict=True)},
    )


def _multipliers(generator: Any, half_ranges: Any, count: int) -> Any:
    """Draws around 1, a row each: normal, or log-normal of the same deviation where it is wide."""
    import numpy as np

    deviations = half_ranges / Z95
    draws = generator.standard_normal((count, len(half_ranges)))
    drawn = 1 + deviations * draws
    wide = half_ranges >= WIDE
    if wide.any():
        spreads = np.sqrt(np.log1p(deviations[wide] ** 2))
        drawn[:, wide] = np.exp(spreads * draws[:, wide] - spreads**2 / 2)
    return drawn


def _seed(lines: Sequence[Row], activities: dict[int, float]) -> int:
    told = [
        (
            row["entry"],
            row["factor_key"],
            row["activity_no"],
            row["co2e_t"],
            row["relative_half_range"],
            activities[row["activity_no"]],
        )
        for row in lines
    ]
    return int.from_bytes(hashlib.sha256(repr(told).encode()).digest()[:8])


def _kept(value: float) -> float:
    """What is drawn may differ in its last digits from one processor to another."""
    return float(f"{value:.{DIGITS}g}")
