"""What parks are asked for: the lower end of an interval is no higher than the upper."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.data_requests"

ENDS = """
select park_id, method, dataset, column_name, co2_least_t, co2_most_t
from batch as requests
where {{ is_above('co2_least_t', 'co2_most_t', 'abs(co2_t) + abs(co2_least_t) + abs(co2_most_t)') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("request_ends_are_ordered", ENDS)]
