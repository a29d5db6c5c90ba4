"""Concentration: pure numbers between none and all."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.region_concentration"

RANGE = """
select region_code, year, method, measure, of, value
from batch
where
    not coalesce(value >= 0, false)
    or (measure not like 'theil%' and not coalesce(value <= 1, false))
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("region_concentration_in_range", RANGE)]
