"""CO2 of parks: never below nothing, that of their enterprises, and part of that of their city."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows, no_rows
from expectations.discovery import SuiteContext

TABLE = "emissions.park_co2_by_method"
KEY = ("park_id", "year", "method", "industry_code", "fuel_code", "scope")

# What nets to nothing may be below it by the last digits of what the park burns.
NEGATIVE = """
with sized as (
    select
        *,
        max(abs(co2_t)) over (partition by park_id, year, method) as largest_co2_t
    from batch as rows_of_parks
)

select park_id, year, method, industry_code, fuel_code, scope, co2_t
from sized where {{ is_below('co2_t', 0, 'largest_co2_t') }}
"""
ROLL_UP = """
with parks as (
    select park_id, year, method, sum(co2_t) as co2_t, sum(abs(co2_t)) as gross_co2_t
    from batch as rows_of_parks group by park_id, year, method
),

enterprises as (
    select park_id, year, method, sum(co2_t) as co2_t, sum(abs(co2_t)) as gross_co2_t
    from emissions.enterprise_co2_by_method group by park_id, year, method
)

select
    coalesce(parks.park_id, enterprises.park_id) as park_id,
    coalesce(parks.year, enterprises.year) as year,
    coalesce(parks.method, enterprises.method) as method,
    parks.co2_t as park_co2_t,
    enterprises.co2_t as enterprise_co2_t
from parks
full join enterprises
    on
        parks.park_id = enterprises.park_id
        and parks.year = enterprises.year
        and parks.method = enterprises.method
where
    coalesce(parks.gross_co2_t, 0) > 0
    and not coalesce(
        {{ is_equal(
            'parks.co2_t', 'enterprises.co2_t', 'parks.gross_co2_t + enterprises.gross_co2_t'
        ) }},
        false
    )
"""
# Two reconstructions that contradict each other are one model that is wrong; a park that returned
# its own figures is not to blame for a city that was estimated.
CITY = """
with parks as (
    select
        regions.prefecture_code as region_code,
        returns.year,
        returns.method,
        sum(returns.co2_t) as parks_co2_t,
        bool_and(returns.origin = 'reconstructed') as is_reconstructed
    from batch as returns
    join reference.parks as parks on returns.park_id = parks.park_id
    join reference.regions as regions on parks.region_code = regions.region_code
    where not returns.is_within_park
    group by regions.prefecture_code, returns.year, returns.method
)

select parks.region_code, parks.year, parks.method, parks.parks_co2_t, cities.co2_t
from parks
join indicators.city_year_by_method as cities using (region_code, year, method)
where
    parks.is_reconstructed
    and cities.origin = 'reconstructed'
    and {{ is_above('parks.parks_co2_t', 'cities.co2_t', 'cities.co2_t') }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_doubtful_rows("park_co2_is_not_negative", NEGATIVE),
        no_rows("park_co2_is_that_of_its_enterprises", ROLL_UP),
        no_rows("park_co2_lies_in_its_city", CITY),
    ]
