"""Concentration: pure numbers between none and all."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.region_concentration"

RANGE = """
select region_code, year, method, statistic, measured, value
from batch
where
    not coalesce(
        {{ is_within(
            'value', 0, "case when statistic like 'theil%' then 'infinity'::double else 1 end", 1
        ) }},
        false
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("region_concentration_in_range", RANGE)]
