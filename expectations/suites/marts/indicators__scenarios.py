"""Scenarios: they start from what was, keep shares whole and stand inside their interval."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.scenarios"

SHARES = """
select region_code, scenario, year, method, coal_share, oil_share, gas_share, other_share
from batch as scenarios
where not {{ is_equal('coal_share + oil_share + gas_share + other_share', 1, 1) }}
"""
START = """
select scenarios.region_code, scenarios.scenario, scenarios.method, scenarios.co2_t,
    factors.co2_t as co2_t_of_the_year
from batch as scenarios
join indicators.kaya_factors as factors
    on
        scenarios.region_code = factors.region_code
        and scenarios.method = factors.method
        and scenarios.year = factors.year
where
    scenarios.year = scenarios.base_year
    and not {{ is_equal('scenarios.co2_t', 'factors.co2_t', 'abs(scenarios.co2_t)') }}
"""
INTERVAL = """
select region_code, scenario, year, method, co2_low_t, co2_median_t, co2_high_t
from batch as scenarios
where
    not coalesce(
        {{ is_within('co2_median_t', 'co2_low_t', 'co2_high_t', 'abs(co2_median_t)') }}, false
    )
"""
YEARS = """
select
    region_code, scenario, method, min(year) as year_from, max(year) as year_to, count(*) as years
from batch as scenarios
group by region_code, scenario, method
having max(year) - min(year) + 1 <> count(*) or min(year) <> max(base_year)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("scenarios_shares_make_a_whole", SHARES),
        no_rows("scenarios_start_from_what_was", START),
        no_rows("scenarios_median_lies_in_the_interval", INTERVAL),
        no_rows("scenarios_have_every_year", YEARS),
    ]
