"""Yearly assessment: what is judged has a target, what is not has a reason."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.carbon_assessment_items"

BASIS = """
select region_code, year, assessment_item, item_result, reason
from batch
where
    reason is null
    or (item_result = 'no_basis') = (reason in ('on_path', 'off_path'))
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("carbon_assessment_items_have_a_basis", BASIS),
    ]
