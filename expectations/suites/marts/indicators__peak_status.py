"""Peaks: no status without enough years, and a maximum that is one."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.peak_status"

SHORT = """
select entity, indicator, method, years_count, status
from batch as peaks
where (years_count < $peak_years_min) <> (status = 'insufficient')
"""
MAXIMUM = """
select peaks.entity, peaks.method, peaks.peak_value_t, max(years.co2_t) as largest_t
from batch as peaks
join all_levels.region_year as years
    on peaks.entity = years.region_code and peaks.method = years.method
where peaks.indicator = 'co2_t'
group by peaks.entity, peaks.method, peaks.peak_value_t
having {{ is_above('max(years.co2_t)', 'peaks.peak_value_t', 'abs(peaks.peak_value_t)') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("peak_status_needs_its_years", SHORT),
        no_rows("peak_status_maximum_is_the_largest", MAXIMUM),
    ]
