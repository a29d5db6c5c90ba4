"""Peaking plans: their base year is the one the marts calculate."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_peak_plans"

# A plan does not say its method: it is compared with the account that comes nearest.
OTHER_BASE = """
with compared as (
    select
        plans.park_id,
        plans.base_year as year,
        park_year.method,
        plans.base_co2_t,
        park_year.co2_t,
        row_number() over (
            partition by plans.park_id
            order by abs(plans.base_co2_t / nullif(park_year.co2_t, 0) - 1), park_year.method
        ) as nearness
    from batch as plans
    join indicators.park_year_by_method as park_year
        on
            plans.park_id = park_year.park_id
            and plans.base_year = park_year.year
            and plans.boundary = park_year.co2_boundary
)
select park_id, year, method, base_co2_t, co2_t
from compared
where
    nearness = 1
    and {{ is_above('abs(base_co2_t / nullif(co2_t, 0) - 1)', '$plan_base_difference_max', 1) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_doubtful_rows("park_peak_plans_start_from_the_account", OTHER_BASE)]
