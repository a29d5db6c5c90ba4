"""Composite evaluation: scores are shares, and who has none is told why."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_evaluation"

RANGE = """
select set_id, weighting, park_id, year, score, topsis_score, coverage, quartile_kept_share
from batch
where
    not coalesce({{ is_within('score', 0, 1, 1) }}, true)
    or not coalesce({{ is_within('topsis_score', 0, 1, 1) }}, true)
    or not coalesce({{ is_within('coverage', 0, 1, 1) }}, false)
    or not coalesce({{ is_within('quartile_kept_share', 0, 1, 1) }}, true)
"""
JUDGED = """
select set_id, weighting, park_id, year, score, score_rank, refusal
from batch
where (score is null) <> (refusal is not null) or (score is null) <> (score_rank is null)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("park_evaluation_in_range", RANGE),
        no_rows("park_evaluation_judged_or_refused", JUDGED),
    ]
