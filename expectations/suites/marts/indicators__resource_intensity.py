"""Resources of parks: none is below zero, and one park of each type is the best."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.resource_intensity"

RANGE = """
select park_id, year, resource, quantity, share_of_best, refusal
from batch
where
    quantity < 0
    or not coalesce({{ is_within('share_of_best', 0, 1, 1) }}, true)
    or (share_of_best is null) <> (refusal is not null)
"""
BEST = """
select year, resource, province_code, structure, max(share_of_best) as share_of_best
from batch
where share_of_best is not null
group by year, resource, province_code, structure
having not coalesce({{ is_equal('max(share_of_best)', '1', '1') }}, false)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("resource_intensity_in_range", RANGE),
        no_rows("resource_intensity_has_a_best", BEST),
    ]
