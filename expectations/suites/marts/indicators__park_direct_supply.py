"""Direct supply of green power: shares are shares."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.park_direct_supply"

# A park that sends out more power than it receives has a share below nothing: no fault of a line.
SHARE = """
select park_id, supply_project, year, supply_test, tested_share
from batch as tests
where
    {{ is_above('tested_share', 1, 1) }}
    or (supply_project is not null and {{ is_below('tested_share', 0, 1) }})
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("direct_supply_share_is_a_share", SHARE)]
