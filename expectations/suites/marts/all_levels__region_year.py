"""Indicators of regions: shares are shares, intensities and growth are of this world."""

from __future__ import annotations

from expectations.authoring import Pair, no_doubtful_rows, no_rows, within
from expectations.discovery import SuiteContext
from expectations.thresholds import threshold

TABLE = "all_levels.region_year"
KEY = ("region_code", "year", "method")
KEPT = ("coal_t", "energy_tce", "co2_t", "industrial_co2_t", "gdp_10k_cny")

GAS_RATIO = """
select region_code, year, method, co2_t, co2e_t, co2e_t / nullif(co2_t, 0) as ratio
from batch
where
    co2_t > 0
    and not coalesce(
        {{ is_within('co2e_t', 'co2_t', '$co2e_ratio_max * co2_t', 'co2_t') }}, false
    )
"""
METHODS_MISSING = """
with years as (
    select distinct region_code, year from batch as indicators where co2_t is not null
),

held as (select region_code, year, method from batch as indicators where co2_t is not null)

select years.region_code, years.year, methods.method
from years cross join reference.methods as methods
anti join held
    on
        years.region_code = held.region_code
        and years.year = held.year
        and methods.method = held.method
"""
GAPS = """
select region_code, method, year, year_before
from (
    select
        region_code,
        method,
        year,
        lag(year) over (partition by region_code, method order by year) as year_before
    from batch as indicators
    where co2_t is not null
)
where year - year_before > 1
"""
# Where industry is divisions of the balance, it is part of it by definition.
INDUSTRY = """
select
    indicators.region_code,
    indicators.year,
    indicators.method,
    indicators.industrial_co2_t,
    indicators.co2_t,
    indicators.industrial_coal_t,
    indicators.coal_t
from batch as indicators
join reference.methods as methods on indicators.method = methods.method
where
    methods.industrial_basis = 'balance_divisions'
    and (
        {{ is_above(
            'indicators.industrial_co2_t', 'indicators.co2_t', 'abs(indicators.co2_t)'
        ) }}
        or {{ is_above(
            'indicators.industrial_coal_t', 'indicators.coal_t', 'abs(indicators.coal_t)'
        ) }}
    )
"""
# Only where every city of the province is held, else the sum means nothing.
CITIES = """
with parts as (
    select
        regions.parent_code, indicators.year, indicators.method,
        count(*) as cities, sum(indicators.co2_t) as co2_t, sum(indicators.energy_tce) as energy_tce
    from batch as indicators
    join reference.regions as regions on indicators.region_code = regions.region_code
    where regions.level = 'prefecture' and indicators.co2_t is not null
    group by regions.parent_code, indicators.year, indicators.method
),

counted as (
    select parts.parent_code, parts.year, parts.method, count(*) as cities
    from parts
    join reference.regions as regions
        on
            parts.parent_code = regions.parent_code
            and parts.year between regions.year_from and regions.year_to
    group by parts.parent_code, parts.year, parts.method
)

select
    province.region_code,
    province.year,
    province.method,
    province.co2_t,
    parts.co2_t as cities_co2_t,
    province.energy_tce,
    parts.energy_tce as cities_energy_tce
from batch as province
join parts
    on
        province.region_code = parts.parent_code
        and province.year = parts.year
        and province.method = parts.method
join counted
    on
        parts.parent_code = counted.parent_code
        and parts.year = counted.year
        and parts.method = counted.method
        and parts.cities = counted.cities
where
    {{ is_above(
        'abs(parts.co2_t / nullif(province.co2_t, 0) - 1)', '$city_sum_difference_max', 1
    ) }}
    or {{ is_above(
        'abs(parts.energy_tce / nullif(province.energy_tce, 0) - 1)',
        '$city_sum_difference_max',
        1
    ) }}
"""
LOST_VALUES = """
with now as (select * from batch as indicators)
select before.region_code, before.year, before.method, $lost as lost
from previous.all_levels.region_year as before
join now using (region_code, year, method)
where len($lost) > 0
"""


def expectations(context: SuiteContext) -> list[Pair]:
    """Return the rules; one compares with the version before."""
    industry_max = threshold("industrial_t_per_10k_cny_max")
    rules = [
        within("region_year_industrial_coal_share", "industrial_coal_share", 0, 1, *KEY),
        within("region_year_coal_co2_share", "coal_co2_share", 0, 1, *KEY),
        within("region_year_industrial_co2_share", "industrial_co2_share", 0, 1, *KEY),
        within(
            "region_year_co2_per_gdp",
            "co2_t_per_gdp",
            threshold("co2_t_per_10k_cny_min"),
            threshold("co2_t_per_10k_cny_max"),
            *KEY,
        ),
        within(
            "region_year_industrial_co2_intensity",
            "industrial_co2_t_per_industrial_va",
            0,
            industry_max,
            *KEY,
        ),
        within(
            "region_year_industrial_coal_intensity",
            "industrial_coal_t_per_industrial_va",
            0,
            industry_max,
            *KEY,
        ),
        within(
            "region_year_gdp_growth",
            "gdp_10k_cny_change_rate",
            threshold("gdp_growth_min"),
            threshold("gdp_growth_max"),
            *KEY,
        ),
        no_doubtful_rows("region_year_other_gases_are_small", GAS_RATIO),
        no_rows("region_year_industry_is_part_of_the_region", INDUSTRY),
        no_doubtful_rows("region_year_cities_make_up_the_province", CITIES),
        no_rows("region_year_has_every_method", METHODS_MISSING),
        no_rows("region_year_has_no_gaps", GAPS),
    ]
    if context.in_previous(TABLE, *KEY, *KEPT):
        cases = ", ".join(
            f"case when before.{name} is not null and now.{name} is null then '{name}' end"
            for name in KEPT
        )
        lost = f"list_filter([{cases}], lambda name: name is not null)"
        rules.append(no_rows("region_year_keeps_values", LOST_VALUES, lost=lost))
    return rules
