"""Years returned both as a whole and by month: the months make the year."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.month_roll_ups"

DIFFERS = """
select dataset, park_id, enterprise_id, year, carrier, flow, year_quantity, months_quantity, status
from batch as years
where status not in ('equal', 'months_incomplete')
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("months_make_their_year", DIFFERS)]
