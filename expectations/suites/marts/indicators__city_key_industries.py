"""Key industries: no city is a zero, no list is longer than the rule allows."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.city_key_industries"

NO_DATA = """
select region_code, year, method, industry_code, end_use_co2_t, key_status
from batch
where data_status = 'no_data' and (end_use_co2_t is not null or key_status <> 'no_data')
"""
LENGTH = """
select region_code, year, method, count(*) as key_industries, max(key_industries_max) as most
from batch
where key_status = 'key' and rank is not null
group by region_code, year, method having count(*) > max(key_industries_max)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("city_key_industries_no_data_is_empty", NO_DATA),
        no_rows("city_key_industries_keep_the_number", LENGTH),
    ]
