"""Where enterprises with stated places are: never in more than the whole, and somewhere."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.member_shares"

ABOVE = """
select list_park_id, enterprise_id, name_zh, year, park_id, member_share, placed_share, status
from batch as members
where status in ('above_whole', 'parts_above_park')
"""

NOWHERE = """
select list_park_id, enterprise_id, name_zh, year
from batch as members
where status = 'nowhere'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("member_shares_at_most_whole", ABOVE),
        no_rows("members_lie_somewhere", NOWHERE),
    ]
