"""Graded management: who is on a list is there for a reason."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_management"

LISTS = """
select park_id, year, condition, quartile, management_list, list_reason
from batch
where
    (
        management_list = 'exempt'
        and (condition is distinct from 'good' or quartile is distinct from 1)
    )
    or (management_list in ('exempt', 'watch')) <> (list_reason is not null)
    or (condition is null) <> (refusal is not null)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("park_management_lists_have_a_reason", LISTS),
    ]
