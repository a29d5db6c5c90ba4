"""Coupling: degrees are shares, and coordination is made of the other two."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_coupling"

DEGREES = """
select coupling_set, park_id, year, development_index, coupling_degree, coordination_degree
from batch
where
    not coalesce({{ is_within('development_index', 0, 1, 1) }}, true)
    or not coalesce({{ is_within('coupling_degree', 0, 1, 1) }}, true)
    or not coalesce({{ is_equal(
        'power(coordination_degree, 2)', 'coupling_degree * development_index', '1'
    ) }}, true)
    or (coordination_degree is null) <> (refusal is not null)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("park_coupling_is_made_of_its_degrees", DEGREES),
    ]
