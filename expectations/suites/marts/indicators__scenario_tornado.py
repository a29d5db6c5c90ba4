"""The tornado: each bar is what its ends say, the widest first, about the value of the scenario."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.scenario_tornado"

BARS = """
with wider as (
    select
        bars.*,
        lag(swing_t) over (
            partition by region_code, scenario, year, method, indicator
            order by swing_rank, swing_t desc
        ) as swing_before_t
    from batch as bars
)
select
    bars.region_code, bars.scenario, bars.year, bars.method, bars.indicator, bars.input,
    bars.value_t, scenarios.direct_and_purchased_co2_t, bars.at_low_t, bars.at_high_t,
    bars.swing_t, bars.swing_rank
from wider as bars
left join indicators.scenarios as scenarios
    on
        bars.region_code = scenarios.region_code
        and bars.scenario = scenarios.scenario
        and bars.year = scenarios.year
        and bars.method = scenarios.method
where
    not coalesce({{ is_equal(
        'bars.swing_t', 'abs(bars.at_low_t - bars.at_high_t)',
        'abs(bars.at_low_t) + abs(bars.at_high_t)'
    ) }}, false)
    or {{ is_above(
        'bars.swing_t', 'bars.swing_before_t', 'abs(bars.at_low_t) + abs(bars.at_high_t)'
    ) }}
    or (
        bars.indicator = 'co2_t'
        and not coalesce({{ is_equal(
            'bars.value_t', 'scenarios.direct_and_purchased_co2_t', 'abs(bars.value_t)'
        ) }}, false)
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("scenario_tornado_bars_are_their_ends", BARS)]
