"""The tables of one level: scopes add up to the total, and no row is in two levels or in none."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "emissions.province_co2_by_method"

SCOPES = """
with parts as (
    select region_code, year, method, co2_t, scope1_co2_t, scope2_co2_t from batch as provinces
    union all
    select region_code, year, method, co2_t, scope1_co2_t, scope2_co2_t
    from emissions.city_co2_by_method
),

sums as (
    select
        region_code,
        year,
        method,
        coalesce(sum(scope1_co2_t), 0) + coalesce(sum(scope2_co2_t), 0) as scopes_co2_t,
        sum(abs(co2_t)) as gross_co2_t
    from parts
    where co2_t is not null
    group by region_code, year, method
),

totals as (
    select emissions.region_code, emissions.year, emissions.method, sum(emissions.co2_t) as co2_t
    from all_levels.region_co2 as emissions
    join reference.regions as regions on emissions.region_code = regions.region_code
    where regions.level in ('province', 'prefecture') and emissions.co2_t is not null
    group by emissions.region_code, emissions.year, emissions.method
)

select region_code, year, method, sums.scopes_co2_t, totals.co2_t
from sums
full join totals using (region_code, year, method)
where
    not coalesce(
        {{ is_equal('sums.scopes_co2_t', 'totals.co2_t', 'sums.gross_co2_t') }}, false
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [no_rows("levels_and_scopes_add_up", SCOPES)]
