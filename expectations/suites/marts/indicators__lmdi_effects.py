"""Drivers of CO2: effects that add up, for every region, and none from a frozen split."""

from __future__ import annotations

from expectations.authoring import Pair, no_rows
from expectations.discovery import SuiteContext

TABLE = "indicators.lmdi_effects"

# The change is that of the account: effects add up to it by test, so it is held against the mart.
CHANGE = """
select effects.entity, effects.method, effects.period, effects.change, later.co2_t - earlier.co2_t
    as change_of_region_year
from batch as effects
join all_levels.region_year as earlier
    on
        effects.region_code = earlier.region_code
        and effects.method = earlier.method
        and effects.year_from = earlier.year
join all_levels.region_year as later
    on
        effects.region_code = later.region_code
        and effects.method = later.method
        and effects.year_to = later.year
where
    effects.identity = 'territory' and effects.form = 'additive'
    and not {{ is_equal(
        'effects.change',
        'later.co2_t - earlier.co2_t',
        'abs(later.co2_t) + abs(earlier.co2_t)'
    ) }}
"""
REGIONS = """
select distinct years.region_code, years.method
from all_levels.region_year as years
where
    years.co2_t is not null and years.gdp_10k_cny is not null
    and not exists (
        select 1 from batch as effects
        where
            effects.region_code = years.region_code and effects.method = years.method
            and effects.entity_type = 'region'
    )
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_rows("lmdi_effects_change_is_that_of_the_region", CHANGE),
        no_rows("lmdi_effects_cover_the_regions", REGIONS),
    ]
