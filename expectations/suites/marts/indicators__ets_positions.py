"""Carbon market: what is short is the emission less the allowance."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.ets_positions"

SHORT = """
select park_id, enterprise_id, year, price_id, allowance_t, shortfall_t, exposure_10k_cny
from batch
where
    (shortfall_t is null) <> (refusal is not null)
    or not coalesce({{ is_equal(
        'exposure_10k_cny', 'shortfall_t * price_10k_cny_per_t', 'abs(exposure_10k_cny)'
    ) }}, true)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("ets_positions_are_worth_their_price", SHORT),
    ]
