"""Energy of parks: every return that was landed is in it, and no park outgrows its city."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "emissions.park_energy"

# The forms whose rows are of a park, and those whose rows are of an enterprise as well. Boundaries
# have a rule of their own.
OF_PARKS = (
    "certificates", "direct_supply", "frozen_accounts", "guiding_values", "land", "measures",
    "park_facts", "path_measures", "path_steps", "peak_plans", "pollutants", "sinks", "waste",
    "water",
)  # fmt: skip
OF_ENTERPRISES = (
    "allowances", "energy_exchange", "enterprise_energy", "enterprise_facts", "measured_factors",
    "process",
)  # fmt: skip


def _rows_of(form: str, enterprise_id: str) -> str:
    return (
        f"select '{form}' as form, park_id, {enterprise_id} as enterprise_id, _file_name, "
        f"_row_number from raw.park_returns_{form}"
    )


RETURNED = " union all ".join(
    [_rows_of("enterprises", "null")]
    + [_rows_of(form, "null") for form in OF_PARKS]
    + [_rows_of(form, "enterprise_id") for form in OF_ENTERPRISES]
)
UNUSED = f"""
with returned as ({RETURNED}),

registered as (
    select distinct
        park_id,
        enterprise_id
    from raw.park_returns_enterprises
)

select
    returned.park_id,
    returned.enterprise_id,
    case when parks.park_id is null then 'park' else 'enterprise' end as not_registered,
    parks_named.park_id as park_of_that_name,
    returned.form,
    count(*) as rows_unused,
    returned._file_name as file_name,
    min(returned._row_number) as first_row
from returned
left join reference.parks as parks on returned.park_id = parks.park_id
left join reference.parks as parks_named on returned.park_id = parks_named.name_zh
left join registered
    on
        returned.park_id = registered.park_id
        and returned.enterprise_id = registered.enterprise_id
where
    parks.park_id is null
    or (returned.enterprise_id is not null and registered.enterprise_id is null)
group by all
"""
# A park is part of its city: an industry of all its parks is part of the city's. Parks that return
# and parks of the model are held to it apart: the model spread what the city uses over its own
# parks, and knows nothing of a park that returns beside them.
INSIDE = """
with of_parks as (
    select
        parks.region_code,
        coalesce(composites.industry_code, used.industry_code) as industry_code,
        used.year,
        coalesce(used.origin = 'reconstructed', false) as is_modelled,
        sum(greatest(used.energy_tce, 0)) as energy_tce
    from batch as used
    inner join reference.parks as parks on used.park_id = parks.park_id
    inner join reference.industries as industries on used.industry_code = industries.industry_code
    left join reference.industries as composites
        on industries.parent_code = composites.industry_code and composites.level = 'composite'
    where industries.is_industrial and not used.is_within_park
    group by
        parks.region_code, coalesce(composites.industry_code, used.industry_code), used.year,
        coalesce(used.origin = 'reconstructed', false)
),

of_cities as (
    select
        region_code,
        industry_code,
        year,
        sum(greatest(energy_tce, 0)) as energy_tce
    from all_levels.region_energy
    where
        is_latest_vintage and not is_aggregate
        and balance_item in ('final_consumption', 'thermal_power', 'heating_supply')
    group by region_code, industry_code, year
)

select
    of_parks.region_code,
    of_parks.industry_code,
    of_parks.year,
    of_parks.is_modelled,
    of_parks.energy_tce as park_energy_tce,
    of_cities.energy_tce as city_energy_tce
from of_parks
inner join of_cities
    on
        of_parks.region_code = of_cities.region_code
        and of_parks.industry_code = of_cities.industry_code
        and of_parks.year = of_cities.year
where {{ is_above('of_parks.energy_tce', 'of_cities.energy_tce', 'of_cities.energy_tce') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("park_energy_has_every_return", UNUSED),
        no_rows("parks_lie_inside_their_city", INSIDE),
    ]
