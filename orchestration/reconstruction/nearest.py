"""The shares nearest to a prior that meet linear constraints (minimum cross-entropy).

Of a total `size[k]` (class k) each member c has the share `x[c, k]`; the shares of a class add up
to one. Minimised is the Kullback-Leibler divergence from the prior, each class weighed by its size:

    sum_k size[k] sum_c x[c, k] ln(x[c, k] / prior[c, k])

With margins as the only constraints this is iterative proportional fitting. The dual is smooth and
convex and has one unknown for each constraint; scipy minimises it by Newton in a trust region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]
# What a constraint may be off, as a part of the quantity it measures.
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Constraint:
    """`coefficients` (member x class) times the shares is `target`; `scale` is their magnitude."""

    name: str
    coefficients: Array
    target: float
    scale: float


@dataclass(frozen=True)
class Solution:
    """Shares (member x class), and the price of each constraint: the multiplier of its dual."""

    shares: Array
    multipliers: dict[str, float]


def tilted(
    prior: Array, size: Array, held: Sequence[Constraint], multipliers: dict[str, float]
) -> Array:
    """The prior with the multipliers of constraints applied: what they do to the shares."""
    exponent = np.zeros_like(prior)
    for item in held:
        exponent += multipliers[item.name] * item.coefficients / item.scale / size
    raised = prior * np.exp(exponent - exponent.max(axis=0))
    shares: Array = raised / raised.sum(axis=0)
    return shares


def nearest(prior: Array, size: Array, held: Sequence[Constraint]) -> Solution:
    """The nearest shares that meet the constraints.

    Raises ValueError when the constraints contradict each other.
    """
    per_size = np.array([item.coefficients / item.scale for item in held]) / size
    target = np.array([item.target / item.scale for item in held])
    flat = per_size.reshape(len(held), -1)

    def shares_at(multipliers: Array) -> tuple[Array, Array]:
        exponent = np.tensordot(multipliers, per_size, axes=1)
        top = exponent.max(axis=0)
        raised = prior * np.exp(exponent - top)
        total = raised.sum(axis=0)
        return raised / total, top + np.log(total)

    def gap(shares: Array) -> Array:
        met: Array = flat @ (shares * size).ravel() - target
        return met

    def dual(multipliers: Array) -> tuple[float, Array]:
        shares, log_total = shares_at(multipliers)
        return float(size @ log_total - target @ multipliers), gap(shares)

    def curvature(multipliers: Array) -> Array:
        shares, _ = shares_at(multipliers)
        mean = np.einsum("mck,ck->mk", per_size, shares)
        spread: Array = (flat * (shares * size).ravel()) @ flat.T - (mean * size) @ mean.T
        return spread

    found = minimize(
        dual,
        np.zeros(len(held)),
        jac=True,
        hess=curvature,
        method="trust-exact",
        options={"gtol": TOLERANCE / 100, "maxiter": 1000},
    )
    shares, _ = shares_at(found.x)
    missed = np.abs(gap(shares))
    if missed.max() > TOLERANCE:
        worst = held[int(missed.argmax())]
        raise ValueError(f"constraints contradict each other: {worst.name} misses {missed.max()}")
    prices = {item.name: float(value) for item, value in zip(held, found.x, strict=True)}
    return Solution(shares, prices)
