"""Kaya factors of industry: shares of a whole, and CO2 that energy can emit."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows, no_rows, within
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold

TABLE = "indicators.kaya_factors"
KEY = ("region_code", "year", "method")

SHARES = """
select region_code, year, method, coal_share, oil_share, gas_share, other_share
from batch as factors
where
    not {{ is_equal(
        'coal_share + oil_share + gas_share + other_share',
        1,
        'abs(coal_share) + abs(oil_share) + abs(gas_share) + abs(other_share)'
    ) }}
"""
RANGE = """
select region_code, year, method, coal_share, oil_share, gas_share, other_share
from batch as factors
where
    {{ is_below('least(coal_share, oil_share, gas_share, other_share)', 0, 1) }}
    or {{ is_above('greatest(coal_share, oil_share, gas_share, other_share)', 1, 1) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("kaya_factors_shares_make_a_whole", SHARES),
        no_doubtful_rows("kaya_factors_shares_in_range", RANGE),
        within(
            "kaya_factors_co2_t_per_tce",
            "co2_t_per_tce",
            0,
            threshold("fuel_co2_t_per_tce_max"),
            *KEY,
        ),
    ]
