"""Early warnings: every peaking plan is watched, and a miss has a year."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.early_warnings"

MISSES = """
select entity, indicator, plan_id, method, alert, miss_year, last_year, gap
from batch as warnings
where
    (alert in ('none', 'no_basis')) <> (miss_year is null)
    or (alert = 'none' and {{ is_above('gap', 0, 'abs(projected_value) + abs(limit_value)') }})
    or miss_year < last_year
"""
BASIS = """
select entity, indicator, plan_id, method, alert, provenance, source_id
from batch as warnings
where
    alert in ('watch', 'warning')
    and (provenance is distinct from 'sourced' or source_id is null)
"""
PLANS = """
select plans.park_id
from indicators.park_peak_plans as plans
join indicators.park_year_by_method as years on plans.park_id = years.park_id
where
    plans.plan_answer = 'yes' and plans.peak_year is not null and plans.peak_co2_t is not null
    and years.co2_t > 0
    and not exists (select 1 from batch as warnings where warnings.park_id = plans.park_id)
group by plans.park_id
having count(distinct years.year) > 1 and max(years.year) < max(plans.peak_year)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("early_warnings_misses_have_a_year", MISSES),
        no_rows("early_warnings_have_a_basis", BASIS),
        no_rows("early_warnings_watch_every_plan", PLANS),
    ]
