"""What enterprises of one park sell each other: both sides say the same."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.inside_exchange"

DIFFERS = """
select park_id, year, carrier, seller, buyer, seller_quantity, buyer_quantity, status
from batch as exchanges
where status <> 'equal'
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("inside_exchange_agrees", DIFFERS)]
