"""Parks against their enterprises: what a park returns is what its enterprises return."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.park_roll_up"

DIFFERENT = """
select park_id, year, indicator, enterprise_total, park_total, status
from batch
where status in ('enterprises_exceed_park', 'enterprises_below_park')
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("park_roll_up_agrees", DIFFERENT)]
