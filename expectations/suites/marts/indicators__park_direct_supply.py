"""Direct supply of green power: shares are shares."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_direct_supply"

SHARE = """
select park_id, supply_project, year, supply_test, tested_share
from batch as tests
where not {{ is_within('tested_share', 0, 1, 1) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("direct_supply_share_is_a_share", SHARE)]
