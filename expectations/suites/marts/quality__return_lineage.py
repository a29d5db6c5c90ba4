"""Energy returns against the year before: no copy, not many times it; their months and edition.

What the model of the sample made up is nobody's return and is left out.
"""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows
from expectations.discovery import SuiteContext

TABLE = "quality.return_lineage"

COPIED = """
with cells as (
    select park_id, enterprise_id, year, month, fuel_code, flow, sum(quantity) as quantity
    from batch
    where quantity <> 0 and origin <> 'reconstructed'
    group by all
),

paired as (
    select
        cells.park_id,
        cells.year,
        cells.enterprise_id,
        count(*) as figures,
        count(before.year) as figures_of_the_year_before
    from cells
    left join cells as before
        on
            cells.park_id = before.park_id
            and cells.enterprise_id = before.enterprise_id
            and cells.year = before.year + 1
            and cells.month is not distinct from before.month
            and cells.fuel_code = before.fuel_code
            and cells.flow = before.flow
            and {{ is_equal('cells.quantity', 'before.quantity', 'abs(cells.quantity)') }}
    group by all
)

select *
from paired
where
    figures = figures_of_the_year_before
    and not {{ is_below('figures', '$repeated_figures_min', 1) }}
"""
JUMPED = """
with energies as (
    select
        returned.park_id,
        returned.enterprise_id,
        returned.year,
        sum(returned.quantity * coefficients.tce_per_unit) as energy_tce
    from batch as returned
    inner join (
        select fuel_code, max(tce_per_unit) as tce_per_unit
        from reference.tce_coefficients
        group by fuel_code
    ) as coefficients on returned.fuel_code = coefficients.fuel_code
    where returned.flow = 'consumption' and returned.origin <> 'reconstructed'
    group by all
)

select
    energies.park_id,
    energies.year,
    energies.enterprise_id,
    energies.energy_tce,
    before.energy_tce as energy_tce_of_the_year_before
from energies
inner join energies as before
    on
        energies.park_id = before.park_id
        and energies.enterprise_id = before.enterprise_id
        and energies.year = before.year + 1
where
    energies.energy_tce > 0
    and before.energy_tce > 0
    and {{ is_above(
        'greatest(energies.energy_tce, before.energy_tce)',
        '$park_yearly_ratio_max * least(energies.energy_tce, before.energy_tce)',
        'greatest(energies.energy_tce, before.energy_tce)'
    ) }}
"""
PART_OF_YEAR = """
with carriers as (
    select
        park_id,
        year,
        enterprise_id,
        fuel_code,
        count(distinct month) as months
    from batch
    where origin <> 'reconstructed'
    group by all
    having count(*) = count(month)
)

select park_id, year, enterprise_id, min(months) as months
from carriers
where {{ is_below('months', '$months_of_year', 1) }}
group by all
"""
AFTER_EDITION = """
select park_id, year, enterprise_id, max(vintage) as edition
from batch
where year > vintage and origin <> 'reconstructed'
group by all
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_doubtful_rows("returns_are_not_of_the_year_before", COPIED),
        no_doubtful_rows("returns_are_near_the_year_before", JUMPED),
        no_doubtful_rows("returned_years_are_whole", PART_OF_YEAR),
        no_doubtful_rows("returned_years_before_edition", AFTER_EDITION),
    ]
