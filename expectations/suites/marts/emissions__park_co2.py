"""CO2 of parks: never below nothing, and the same as that of their enterprises together."""

from __future__ import annotations

from expectations.authoring import Pair, between, no_rows
from expectations.discovery import SuiteContext

TABLE = "emissions.park_co2"
KEY = ("park_id", "year", "method", "industry_code", "fuel_code", "scope")

ROLL_UP = """
with parks as (
    select park_id, year, method, sum(co2_t) as co2_t
    from batch as rows_of_parks group by park_id, year, method
),

enterprises as (
    select park_id, year, method, sum(co2_t) as co2_t
    from emissions.enterprise_co2 group by park_id, year, method
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
    coalesce(parks.co2_t, 0) <> 0
    and coalesce(abs(parks.co2_t - enterprises.co2_t) > $float_closure * abs(parks.co2_t), true)
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        between("park_co2_is_not_negative", "co2_t", 0, None),
        no_rows("park_co2_is_that_of_its_enterprises", ROLL_UP),
    ]
