"""Regional product: sizes, growth and cities that make up their province."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows
from expectations.discovery import SuiteContext

TABLE = "all_levels.region_economy"

SIZE = """
select economy.region_code, economy.year, economy.vintage, economy.gdp_10k_cny
from batch as economy
join reference.regions as regions on economy.region_code = regions.region_code
where
    regions.level in ('province', 'prefecture')
    and not {{ is_within(
        'economy.gdp_10k_cny', '$gdp_10k_cny_min', '$gdp_10k_cny_max', 'economy.gdp_10k_cny'
    ) }}
"""
GROWTH = """
with latest as (select * from batch as economy where is_latest_vintage)
select
    later.region_code,
    later.year,
    earlier.gdp_10k_cny as gdp_10k_cny_before,
    later.gdp_10k_cny,
    later.gdp_10k_cny / nullif(earlier.gdp_10k_cny, 0) - 1 as change_rate
from latest as later
join latest as earlier
    on later.region_code = earlier.region_code and later.year = earlier.year + 1
where
    not {{ is_within(
        'later.gdp_10k_cny / nullif(earlier.gdp_10k_cny, 0) - 1',
        '$gdp_growth_min',
        '$gdp_growth_max',
        1
    ) }}
"""
# Only where every part of the region is held, else the sum means nothing.
CITIES = """
with latest as (
    select economy.*, regions.parent_code
    from batch as economy
    join reference.regions as regions on economy.region_code = regions.region_code
    where economy.is_latest_vintage
),

cities as (
    select parent_code, year, count(*) as cities, sum(gdp_10k_cny) as gdp_10k_cny
    from latest
    where parent_code is not null and gdp_10k_cny is not null
    group by parent_code, year
),

counted as (
    select regions.parent_code, cities.year, count(*) as cities
    from cities
    join reference.regions as regions
        on
            cities.parent_code = regions.parent_code
            and cities.year between regions.year_from and regions.year_to
    group by regions.parent_code, cities.year
)

select
    province.region_code,
    province.year,
    province.gdp_10k_cny,
    cities.gdp_10k_cny as cities_gdp_10k_cny,
    cities.cities
from latest as province
join cities on province.region_code = cities.parent_code and province.year = cities.year
join counted
    on
        cities.parent_code = counted.parent_code
        and cities.year = counted.year
        and cities.cities = counted.cities
where
    {{ is_above(
        'abs(cities.gdp_10k_cny / nullif(province.gdp_10k_cny, 0) - 1)',
        '$city_gdp_sum_difference_max',
        1
    ) }}
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules."""
    return [
        no_doubtful_rows("region_economy_size", SIZE),
        no_doubtful_rows("region_economy_growth", GROWTH),
        no_doubtful_rows("region_economy_cities_make_up_the_province", CITIES),
    ]
