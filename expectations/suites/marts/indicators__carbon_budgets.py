"""Carbon budgets: children have no more than their parent, and nobody more than is available."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.carbon_budgets"

EXCEEDED = """
select node_id, year, budget_level, budget_t, children_t
from batch as budgets
where allocation_status = 'exceeds'
"""

OVERSPENT = """
select node_id, year, budget_level, available_t, year_co2_t, used_up_month
from batch as budgets
where budget_status = 'overspent'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("budgets_within_their_parent", EXCEEDED),
        no_rows("budgets_are_kept", OVERSPENT),
    ]
