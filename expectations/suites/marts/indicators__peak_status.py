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
# The area under the density, summed in steps: the second way to the p-value of a z.
P_VALUES = """
with steps as (
    select (unnest(range(cast($integral_steps as integer))) + 0.5) / $integral_steps as place
),
areas as (
    select
        mann_kendall_z,
        sum(exp(-(place * mann_kendall_z) * (place * mann_kendall_z) / 2)) * abs(mann_kendall_z)
        / $integral_steps / sqrt(2 * pi()) as area
    from (select distinct mann_kendall_z from batch) as listed
    cross join steps
    group by mann_kendall_z
)
select
    peaks.entity, peaks.indicator, peaks.method, peaks.mann_kendall_s, peaks.mann_kendall_z,
    peaks.p_normal, 1 - 2 * areas.area as area_beyond, peaks.p_exact, peaks.p_value
from batch as peaks
join areas on peaks.mann_kendall_z = areas.mann_kendall_z
where
    not {{ is_equal('peaks.p_normal', '1 - 2 * areas.area', 1, 'p_value_closure') }}
    or peaks.p_value is distinct from coalesce(peaks.p_exact, peaks.p_normal)
    or not {{ is_equal(
        'peaks.mann_kendall_z * sqrt(peaks.mann_kendall_variance)',
        'peaks.mann_kendall_s - sign(peaks.mann_kendall_s)',
        '1 + abs(peaks.mann_kendall_s)',
    ) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("peak_status_needs_its_years", SHORT),
        no_rows("peak_status_maximum_is_the_largest", MAXIMUM),
        no_rows("peak_status_p_values_by_area", P_VALUES),
    ]
