"""How far parks are from the frontier of their peers (DEA), by linear programs.

It runs after the build, on the published marts, because SQL has no solver: what it gives is
computed when it is asked for and is in no table. Inputs are what `indicators.resource_intensity`
has of a park (land, water, energy, carbon), the output is value added of industry above designated
size. A park is compared with the parks of its type in its province and year; one that lacks an
input is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from orchestration.errors import GreenparkError
from orchestration.publishing.model_schema import WHOLE
from orchestration.serving import query

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

Returns = Literal["constant", "variable", "non_increasing"]
INPUTS = ("land", "water", "energy", "carbon")
TABLE = "resource_intensity"
# What HiGHS may be off by: a weight below it is none, two scores nearer than it are equal.
CLOSE = 1e-7
# With fewer parks than this times inputs and output together most are efficient for want of peers.
PEERS_PER_FACTOR = 3
ROWS = f"""
    select
        park_id, year, province_code, structure, resource, quantity,
        industrial_value_added_10k_cny as value_added, origin
    from {WHOLE}.{TABLE}
    where
        quantity > 0 and industrial_value_added_10k_cny > 0
        and (year = ? or (? is null and year = (select max(year) from {WHOLE}.{TABLE}
            where quantity > 0 and industrial_value_added_10k_cny > 0)))
        and list_contains(?, resource)
    order by province_code, structure nulls first, park_id
"""


@dataclass(frozen=True)
class Score:
    """Of one unit: the share of its inputs that its peers need, who they are, what is idle."""

    efficiency: float
    peers: dict[int, float]
    slacks: tuple[float, ...]


@dataclass(frozen=True)
class Place:
    """One park and year against the frontier of its group; peers are those of the BCC score."""

    park_id: str
    year: int
    structure: str | None
    inputs: str
    peer_count: int
    is_sample_small: bool
    ccr_efficiency: float
    bcc_efficiency: float
    scale_efficiency: float
    returns_to_scale: str
    peers: dict[str, float]
    idle: dict[str, float]
    origin: str

    def as_row(self) -> dict[str, Any]:
        """The fields, peers and what is idle as text."""
        row = asdict(self)
        row["peers"] = "; ".join(f"{park} {weight:.3f}" for park, weight in self.peers.items())
        row["idle"] = "; ".join(f"{name} {amount:.6g}" for name, amount in self.idle.items())
        return row


def envelop(inputs: Matrix, outputs: Matrix, unit: int, returns: Returns = "constant") -> Score:
    """Input-oriented efficiency of a unit, rows being units: CCR, or BCC for variable returns.

    First the least share of its inputs with which a mix of the units still makes its outputs, then
    the most that can be left over at that share, so that no peer is itself dominated. Every input
    and output must be above zero.
    """
    # Units of measure do not matter, and the solver likes numbers near one.
    used, made = inputs / inputs.max(axis=0), outputs / outputs.max(axis=0)
    count, factors = used.shape
    spare = factors + made.shape[1]
    mixed = np.vstack([used.T, -made.T])
    share, _ = _solve(
        np.append(1.0, np.zeros(count)),
        upper=np.hstack([-np.append(used[unit], np.zeros(spare - factors))[:, None], mixed]),
        limits=np.append(np.zeros(factors), -made[unit]),
        weights=slice(1, None),
        returns=returns,
    )
    _, best = _solve(
        np.append(np.zeros(count), -np.ones(spare)),
        equal=np.hstack([mixed, np.eye(spare)]),
        right=np.append(share * used[unit], -made[unit]),
        weights=slice(0, count),
        returns=returns,
    )
    peers = {place: float(best[place]) for place in range(count) if best[place] > CLOSE}
    idle = best[count : count + factors]
    slacks = np.where(idle > CLOSE, idle, 0.0) * inputs.max(axis=0)
    return Score(min(share, 1.0), peers, tuple(float(slack) for slack in slacks))


def _solve(
    objective: Matrix,
    weights: slice,
    returns: Returns,
    upper: Matrix | None = None,
    limits: Matrix | None = None,
    equal: Matrix | None = None,
    right: Matrix | None = None,
) -> tuple[float, Matrix]:
    """Minimise; the weights of the mix, at places `weights`, add up as the returns to scale say."""
    from scipy.optimize import linprog

    whole = np.zeros((1, len(objective)))
    whole[0, weights] = 1.0
    if returns == "variable":
        equal = whole if equal is None else np.vstack([equal, whole])
        right = np.append([] if right is None else right, 1.0)
    elif returns == "non_increasing":
        upper = whole if upper is None else np.vstack([upper, whole])
        limits = np.append([] if limits is None else limits, 1.0)
    found = linprog(objective, A_ub=upper, b_ub=limits, A_eq=equal, b_eq=right, method="highs")
    if not found.success:  # a unit is always a mix of itself, so there is a solution
        raise GreenparkError(f"the solver found no solution: {found.message}", "report the figures")
    return float(found.fun), found.x


def returns_to_scale(inputs: Matrix, outputs: Matrix, unit: int, ccr: float, bcc: float) -> str:
    """`constant`, `increasing` (too small) or `decreasing` (too large)."""
    if bcc - ccr <= CLOSE:
        return "constant"
    smaller = envelop(inputs, outputs, unit, "non_increasing").efficiency
    return "decreasing" if bcc - smaller <= CLOSE else "increasing"


def places(
    connection: duckdb.DuckDBPyConnection,
    year: int | None,
    park: str | None,
    resources: Sequence[str] = INPUTS,
) -> Iterator[Place]:
    """The parks of a year, the last one by default, or one park alone; groups in order.

    Raises GreenparkError if the park, or every park, lacks an input.
    """
    query.need_table(connection, WHOLE, TABLE)
    rows = query.records(connection, ROWS, [year, year, list(resources)])
    found = False
    for _, members in groupby(rows, lambda row: (row["province_code"], row["structure"])):
        for place in _places_of_group(list(members), park, resources):
            found = True
            yield place
    if not found:
        inputs = ", ".join(resources)
        raise GreenparkError(
            f"park {park} lacks value added or one of {inputs} in the year"
            if park
            else f"no park has value added and {inputs} in the year",
            "name other inputs or another year, or fill in the forms of `greenpark template`",
        )


def _places_of_group(
    rows: list[dict[str, Any]], park: str | None, resources: Sequence[str]
) -> Iterator[Place]:
    """The parks of one group that have every input."""
    parks = {
        park_id: {row["resource"]: row for row in held}
        for park_id, held in groupby(rows, lambda row: row["park_id"])
    }
    complete = {park_id: held for park_id, held in parks.items() if len(held) == len(resources)}
    if not complete or (park is not None and park not in complete):
        return
    names = list(complete)
    inputs = np.array(
        [[held[name]["quantity"] for name in resources] for held in complete.values()]
    )
    outputs = np.array([[held[resources[0]]["value_added"]] for held in complete.values()])
    for unit, name in enumerate(names):
        if park is not None and name != park:
            continue
        ccr = envelop(inputs, outputs, unit)
        bcc = envelop(inputs, outputs, unit, "variable")
        held = complete[name]
        origins = {row["origin"] for row in held.values()}
        yield Place(
            park_id=name,
            year=held[resources[0]]["year"],
            structure=held[resources[0]]["structure"],
            inputs="|".join(resources),
            peer_count=len(names),
            is_sample_small=len(names) < PEERS_PER_FACTOR * (len(resources) + 1),
            ccr_efficiency=ccr.efficiency,
            bcc_efficiency=bcc.efficiency,
            scale_efficiency=ccr.efficiency / bcc.efficiency,
            returns_to_scale=returns_to_scale(
                inputs, outputs, unit, ccr.efficiency, bcc.efficiency
            ),
            peers={names[place]: weight for place, weight in bcc.peers.items()},
            idle={
                resource: slack
                for resource, slack in zip(resources, bcc.slacks, strict=True)
                if slack > 0
            },
            origin="reconstructed" if "reconstructed" in origins else "derived",
        )
