"""The cheapest path to a bound of CO2 per energy, by linear programming (HiGHS, through scipy).

Of each measure and year a share is built and a share is used: what is used is built, what is built
stays, nothing is used before its lead time. A measure cuts one entry of the account, may add to
another and change the energy. In the target year CO2 is at most bound times energy, which is
linear; the energy stays within the class that the bound is for. Costs are annuities of what is
built and yearly costs of what is used, discounted to the base year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog

METHOD = "highs-ds"
NONE = 1e-9  # a share, or a price relative to the largest, below this is none
CLOSE = 1e-6  # of the net: what the solver may leave of a gap


@dataclass(frozen=True)
class Measure:
    """What the whole of a measure does in a year, and what it costs."""

    measure_id: str
    cut_entry: str
    cut_co2_t: float
    yearly_cost_10k_cny: float
    annuity_10k_cny: float = 0.0
    added_entry: str | None = None
    added_co2_t: float = 0.0
    energy_change_tce: float = 0.0
    lead_years: int = 0


@dataclass(frozen=True)
class Bound:
    """The greatest CO2 per energy of a class of energy use; a class above is open (None)."""

    energy_class: str
    class_from_tce: float
    class_to_tce: float | None
    bound_co2_t_per_tce: float


@dataclass(frozen=True)
class Start:
    """The account that the path starts from."""

    base_year: int
    net_co2_t: float
    energy_tce: float
    entries: dict[str, float]


@dataclass(frozen=True)
class Row:
    """One constraint: what it is about, of which measure or entry, in which year."""

    kind: str
    subject: str
    year: int


@dataclass
class Programme:
    """min c x where a x <= b and 0 <= x <= upper; columns are (built or used, measure, year)."""

    columns: list[tuple[str, str, int]]
    c: Any
    upper: Any
    a: Any
    b: Any
    rows: list[Row]


@dataclass
class Path:
    """What was found: the shares in use by measure and year, or why there is no path."""

    status: str
    bound: Bound | None = None
    used: dict[tuple[str, int], float] = field(default_factory=dict)
    built: dict[tuple[str, int], float] = field(default_factory=dict)
    cost_10k_cny: float | None = None
    one_more_tonne_10k_cny: float | None = None
    shortfall_t: float | None = None
    binding: list[dict[str, Any]] = field(default_factory=list)


def cheapest(
    start: Start,
    measures: Sequence[Measure],
    bounds: Sequence[Bound],
    target_year: int,
    discount_rate: float,
) -> Path:
    """The cheapest path to any of the bounds; else how far the nearest of them stays off.

    A saving of energy may move a park into a class with another bound, so each class is tried.
    """
    found: list[Path] = []
    missed: list[Path] = []
    for bound in bounds:
        programme = build(start, measures, bound, target_year, discount_rate)
        result = solve(programme)
        if result.status == 0:
            found.append(_path(programme, result, bound))
        else:
            missed.append(nearest(programme, bound))
    if found:
        return min(found, key=lambda path: path.cost_10k_cny or 0.0)
    reachable = [path for path in missed if path.shortfall_t is not None]
    if reachable:
        return min(reachable, key=lambda path: path.shortfall_t or 0.0)
    return Path("no_class_reached")


def build(
    start: Start,
    measures: Sequence[Measure],
    bound: Bound,
    target_year: int,
    discount_rate: float,
) -> Programme:
    """The programme of one bound."""
    years = range(start.base_year + 1, target_year + 1)
    columns = [
        (role, measure.measure_id, year)
        for role in ("built", "used")
        for measure in measures
        for year in years
    ]
    place = {column: number for number, column in enumerate(columns)}
    by_id = {measure.measure_id: measure for measure in measures}
    c = np.zeros(len(columns))
    upper = np.zeros(len(columns))
    for (role, name, year), number in place.items():
        measure = by_id[name]
        cost = measure.annuity_10k_cny if role == "built" else measure.yearly_cost_10k_cny
        c[number] = cost / (1 + discount_rate) ** (year - start.base_year)
        upper[number] = float(year >= start.base_year + measure.lead_years)

    rows: list[Row] = []
    lines: list[dict[int, float]] = []
    limits: list[float] = []

    def limit(row: Row, line: dict[int, float], most: float) -> None:
        rows.append(row)
        lines.append(line)
        limits.append(most)

    for name in by_id:
        for year in years:
            built, used = place["built", name, year], place["used", name, year]
            limit(Row("use", name, year), {used: 1.0, built: -1.0}, 0.0)
            if year > years[0]:
                before = place["built", name, year - 1]
                limit(Row("stay", name, year), {before: 1.0, built: -1.0}, 0.0)
    entries = sorted({m.cut_entry for m in measures})
    for entry in entries:
        for year in years:
            line = {
                place["used", m.measure_id, year]: m.cut_co2_t * (m.cut_entry == entry)
                - m.added_co2_t * (m.added_entry == entry)
                for m in measures
            }
            limit(Row("entry", entry, year), line, start.entries.get(entry, 0.0))
    last = {m: place["used", m.measure_id, target_year] for m in measures} if len(years) else {}
    ratio = bound.bound_co2_t_per_tce
    limit(
        Row("ratio", bound.energy_class, target_year),
        {
            number: -(m.cut_co2_t - m.added_co2_t + ratio * m.energy_change_tce)
            for m, number in last.items()
        },
        ratio * start.energy_tce - start.net_co2_t,
    )
    changes = {number: m.energy_change_tce for m, number in last.items()}
    limit(
        Row("class_from", bound.energy_class, target_year),
        {number: -change for number, change in changes.items()},
        start.energy_tce - bound.class_from_tce,
    )
    if bound.class_to_tce is not None:
        limit(
            Row("class_to", bound.energy_class, target_year),
            changes,
            bound.class_to_tce - start.energy_tce,
        )
    a = np.zeros((len(rows), len(columns)))
    for number, line in enumerate(lines):
        for column, value in line.items():
            a[number, column] = value
    return Programme(columns, c, upper, a, np.array(limits), rows)


def solve(programme: Programme, method: str = METHOD) -> Any:
    """What scipy says of the programme; its marginals are the duals."""
    if not len(programme.columns):
        return _without_measures(programme)
    return linprog(
        programme.c,
        A_ub=programme.a,
        b_ub=programme.b,
        bounds=np.column_stack([np.zeros_like(programme.upper), programme.upper]),
        method=method,
    )


class _Empty:
    """The result of a programme without a column: a yes or no."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.x = np.zeros(0)
        self.fun = 0.0


def _without_measures(programme: Programme) -> _Empty:
    return _Empty(0 if (programme.b >= 0).all() else 2)


def _path(programme: Programme, result: Any, bound: Bound) -> Path:
    shares: dict[str, dict[tuple[str, int], float]] = {"built": {}, "used": {}}
    for (role, name, year), share in zip(programme.columns, result.x, strict=True):
        shares[role][name, year] = 0.0 if share < NONE else min(1.0, float(share))
    path = Path("reached", bound, shares["used"], shares["built"], float(result.fun))
    if programme.columns:
        ratio = next(n for n, row in enumerate(programme.rows) if row.kind == "ratio")
        path.one_more_tonne_10k_cny = abs(float(result.ineqlin.marginals[ratio]))
        path.binding = _binding(programme, result)
    return path


def nearest(programme: Programme, bound: Bound) -> Path:
    """How near measures come to the bound, and what stops them: the ratio may be missed by z."""
    ratio = next(n for n, row in enumerate(programme.rows) if row.kind == "ratio")
    gap = np.zeros((len(programme.rows), 1))
    gap[ratio] = -1.0
    relaxed = Programme(
        [*programme.columns, ("missed", "", 0)],
        np.append(np.zeros(len(programme.columns)), 1.0),
        np.append(programme.upper, np.inf),
        np.hstack([programme.a, gap]),
        programme.b,
        programme.rows,
    )
    result = solve(relaxed)
    if result.status != 0:
        return Path("no_class_reached", bound)
    return Path(
        "not_reached",
        bound,
        shortfall_t=float(result.fun),
        binding=[row for row in _binding(relaxed, result) if row["kind"] != "ratio"],
    )


def _binding(programme: Programme, result: Any) -> list[dict[str, Any]]:
    """What the optimum leans on, with what one more unit of it would change of the objective."""
    found = []
    prices = [float(value) for value in result.ineqlin.marginals]
    at_top = [float(value) for value in result.upper.marginals]
    nothing = NONE * max(1.0, *map(abs, [*prices, *at_top]))
    for row, price in zip(programme.rows, prices, strict=True):
        if row.kind not in ("use", "stay") and abs(price) > nothing:
            found.append({"kind": row.kind, "of": row.subject, "year": row.year, "price": price})
    for (role, name, year), most, price in zip(
        programme.columns, programme.upper, at_top, strict=True
    ):
        if role != "missed" and abs(price) > nothing:
            kind = "potential" if most > 0 else "lead_time"
            found.append({"kind": kind, "of": name, "year": year, "price": price})
    return found
