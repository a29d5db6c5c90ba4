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
select
    budgets.node_id, budgets.year, budgets.budget_level, budgets.available_t, budgets.year_co2_t,
    budgets.used_up_month,
    case budgets.budget_level
        when 'enterprise' then parks.parent_id
        when 'park' then budgets.parent_id
        else budgets.node_id
    end as region_code
from batch as budgets
left join batch as parks
    on budgets.parent_id = parks.node_id and budgets.year = parks.year
where budgets.budget_status = 'overspent'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("budgets_within_their_parent", EXCEEDED),
        no_rows("budgets_are_kept", OVERSPENT),
    ]
