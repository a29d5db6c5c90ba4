"""Kaya factors of industry: shares of a whole, and CO2 that energy can emit."""

from __future__ import annotations

from expectations.authoring import Pair, between, no_rows
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold

TABLE = "indicators.kaya_factors"
KEY = ("region_code", "year", "method")

SHARES = """
select region_code, year, method, coal_share, oil_share, gas_share, other_share
from batch as factors
where
    abs(coal_share + oil_share + gas_share + other_share - 1) > $balance_closure
    or least(coal_share, oil_share, gas_share, other_share) < 0
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("kaya_factors_shares_make_a_whole", SHARES),
        between(
            "kaya_factors_emission_per_energy",
            "emission_per_energy",
            0,
            threshold("fuel_co2_t_per_tce_max"),
        ),
    ]
