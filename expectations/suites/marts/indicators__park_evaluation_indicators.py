"""Composite evaluation: the points of a park are its score."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_evaluation_indicators"

POINTS = """
select set_id, weighting, park_id, year, max(score) as score, sum(weighted_value) as points
from batch
where score is not null
group by set_id, weighting, park_id, year
having not coalesce({{ is_equal('max(score)', 'sum(weighted_value)', '1') }}, false)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("park_evaluation_points_make_the_score", POINTS),
    ]
