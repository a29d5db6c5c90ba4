"""The split between industries: one that only repeats the year before is marked as such."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "quality.industry_split"

UNMARKED = """
select region_code, fuel_code, year, share_change_from_previous_year
from batch
where
    has_split_of_previous_year
    and {{ is_below('share_change_from_previous_year', '$frozen_share_change', 1) }}
    and not coalesce(is_split_frozen, false)
"""
# The mark has to reach the rows that readers sum by industry.
UNMARKED_CO2 = """
select distinct split.region_code, split.fuel_code, split.year, co2.method
from batch as split
join all_levels.region_co2 as co2
    on
        split.region_code = co2.region_code
        and split.fuel_code = co2.fuel_code
        and split.year = co2.year
join reference.industries as industries on co2.industry_code = industries.industry_code
where
    split.is_split_frozen
    and co2.balance_item = 'final_consumption'
    and industries.is_industrial
    and not coalesce(co2.is_split_frozen, false)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("industry_split_repeats_are_marked", UNMARKED),
        no_rows("industry_split_mark_reaches_co2", UNMARKED_CO2),
    ]
