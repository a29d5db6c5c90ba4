"""Deflators: prices move slowly, and are 1 in their base year."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.price_deflators"

MOVES = """
with changes as (
    select
        region_code,
        year,
        deflator / nullif(lag(deflator) over (partition by region_code order by year), 0) - 1
            as price_change
    from batch as deflators
)
select region_code, year, price_change
from changes where {{ is_above('abs(price_change)', '$price_change_max', 1) }}
"""
BASE = """
select region_code, year, deflator
from batch as deflators
where year = price_base_year and not {{ is_equal('deflator', 1, 1) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_doubtful_rows("price_deflators_move_slowly", MOVES),
        no_rows("price_deflators_are_one_in_their_base_year", BASE),
    ]
