"""Parks that others lie in: their parts and their rest are the whole."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.boundary_sums"

DIFFERS = """
select park_id, year, method, scope, whole_co2_t, parts_co2_t, rest_co2_t, exchanged_co2_t
from batch as sums
where status <> 'equal'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("parts_and_rest_are_the_whole", DIFFERS)]
