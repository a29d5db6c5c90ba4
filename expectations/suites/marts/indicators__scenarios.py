"""Scenarios: they start from what was, keep shares whole, and are marked where hard to believe."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows, no_rows, within
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold

TABLE = "indicators.scenarios"

SHARES = """
select region_code, scenario, year, method, coal_share, oil_share, gas_share, other_share
from batch as scenarios
where not {{ is_equal('coal_share + oil_share + gas_share + other_share', 1, 1) }}
"""
RANGE = """
select region_code, scenario, year, method, coal_share, oil_share, gas_share, other_share
from batch as scenarios
where
    {{ is_below('least(coal_share, oil_share, gas_share, other_share)', 0, 1) }}
    or {{ is_above('greatest(coal_share, oil_share, gas_share, other_share)', 1, 1) }}
"""
GROWTH = """
select scenarios.region_code, scenarios.scenario, scenarios.year, scenarios.method,
    scenarios.industrial_value_added_10k_cny / bases.industrial_value_added_10k_cny as ratio
from batch as scenarios
join batch as bases
    on
        scenarios.region_code = bases.region_code
        and scenarios.scenario = bases.scenario
        and scenarios.method = bases.method
        and scenarios.base_year = bases.year
where
    {{ is_above(
        'scenarios.industrial_value_added_10k_cny / bases.industrial_value_added_10k_cny',
        'power(1 + $scenario_growth_max, scenarios.year - scenarios.base_year)',
        'scenarios.industrial_value_added_10k_cny / bases.industrial_value_added_10k_cny'
    ) }}
"""
START = """
select scenarios.region_code, scenarios.scenario, scenarios.method,
    scenarios.direct_and_purchased_co2_t,
    factors.direct_and_purchased_co2_t as co2_t_of_the_year
from batch as scenarios
join indicators.kaya_factors as factors
    on
        scenarios.region_code = factors.region_code
        and scenarios.method = factors.method
        and scenarios.year = factors.year
where
    scenarios.year = scenarios.base_year
    and not {{ is_equal(
        'scenarios.direct_and_purchased_co2_t',
        'factors.direct_and_purchased_co2_t',
        'abs(scenarios.direct_and_purchased_co2_t)'
    ) }}
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
        no_rows("scenarios_shares_in_range", RANGE),
        within(
            "scenarios_gas_share_is_believable",
            "gas_share",
            0,
            threshold("industrial_gas_share_max"),
            "region_code",
            "scenario",
            "year",
            "method",
        ),
        no_doubtful_rows("scenarios_growth_is_believable", GROWTH),
        no_rows("scenarios_start_from_what_was", START),
        no_rows("scenarios_median_lies_in_the_interval", INTERVAL),
        no_rows("scenarios_have_every_year", YEARS),
    ]
