"""Accounts of parks: CO2 per energy that can be."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "emissions.park_carbon_account"

RATIO = """
select park_id, year, method, electricity_view, net_co2_t, core_co2_t_per_tce
from batch as accounts
where
    {{ is_below('core_co2_t_per_tce', 0, 1) }}
    or {{ is_above('core_co2_t_per_tce', '$core_co2_t_per_tce_max', '$core_co2_t_per_tce_max') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("core_ratio_is_believable", RATIO)]
