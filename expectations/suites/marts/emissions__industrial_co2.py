"""CO2 of industry above designated size: size, change and coverage."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "emissions.industrial_co2"

SIZE = """
select emissions.region_code, emissions.year, emissions.method, sum(emissions.co2_t) as co2_t
from batch as emissions
join reference.regions as regions on emissions.region_code = regions.region_code
where regions.level = 'province'
group by emissions.region_code, emissions.year, emissions.method
having not coalesce(sum(emissions.co2_t), 0) between 0 and $province_co2_t_max
"""
YEAR_ON_YEAR = """
with totals as (
    select region_code, year, method, sum(co2_t) as co2_t from batch as emissions group by all
)
select
    later.region_code,
    later.year,
    later.method,
    earlier.co2_t as co2_t_before,
    later.co2_t,
    later.co2_t / nullif(earlier.co2_t, 0) - 1 as change_rate
from totals as later
join totals as earlier
    on
        later.region_code = earlier.region_code
        and later.method = earlier.method
        and later.year = earlier.year + 1
where abs(later.co2_t / nullif(earlier.co2_t, 0) - 1) > $yearly_change_max
"""
LOST = """
with lost as (
    select distinct region_code, year, method from previous.emissions.industrial_co2
    except
    select region_code, year, method from batch as emissions
)
select lost.region_code, lost.year, lost.method
from lost
join reference.methods as methods on lost.method = methods.method
where (lost.region_code, lost.year) in (
    select (energy.region_code, energy.year) from emissions.region_energy as energy
    where energy.balance_item = 'industrial_use_above_size'
)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; one compares with the version before."""
    rules = [
        no_rows("industrial_co2_size_of_a_province", SIZE),
        no_rows("industrial_co2_year_on_year", YEAR_ON_YEAR),
    ]
    if context.in_previous(TABLE, "region_code", "year", "method"):
        rules.append(no_rows("industrial_co2_keeps_coverage", LOST))
    return rules
