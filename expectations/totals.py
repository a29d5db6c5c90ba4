"""Rules on the totals of an emission table (region, year, method), the same for each account."""

from __future__ import annotations

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
where {{ is_above('abs(later.co2_t / nullif(earlier.co2_t, 0) - 1)', '$yearly_change_max', 1) }}
"""


def lost_totals(table: str, balance_item: str) -> str:
    """Totals of the previous version whose method and energy row are here, but not the total."""
    return f"""
with lost as (
    select distinct region_code, year, method from previous.{table}
    except
    select region_code, year, method from batch as emissions
)
select lost.region_code, lost.year, lost.method
from lost
join reference.methods as methods on lost.method = methods.method
where (lost.region_code, lost.year) in (
    select (energy.region_code, energy.year) from all_levels.region_energy as energy
    where energy.balance_item = '{balance_item}'
)
"""
