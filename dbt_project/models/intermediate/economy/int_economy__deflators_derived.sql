-- The implicit price of regional product, as a ratio to its price in var price_base_year. The price
-- change of a year is the nominal change over the volume index; where a parent prints none, it is
-- that of the children together: the sum of their products over the sum of what last year's would
-- be at their growth.
with observations as (

    select * from {{ ref('stg_city_yearbooks__city_gdp_index') }}
    where {{ is_known_vintage('vintage') }}

),

regions as (

    select * from {{ ref('regions') }}

),

latest as (

    select
        region_code,
        year,
        indicator,
        value,
        origin,
        vintage = max(case when value is not null then vintage end) over (
            partition by region_code, year, indicator
        ) as is_latest_vintage
    from observations

),

yearly as (

    select
        region_code,
        year,
        max(case when indicator = 'gdp' then value end) as gdp_10k_cny,
        max(case when indicator = 'gdp_index' then value end) as volume_ratio,
        max({{ origin_rank('origin') }}) as origin_rank
    from latest
    where is_latest_vintage
    group by region_code, year

),

steps as (

    select
        now.region_code,
        now.year,
        now.gdp_10k_cny,
        before.gdp_10k_cny * now.volume_ratio as at_last_years_prices_10k_cny,
        greatest(now.origin_rank, before.origin_rank) as origin_rank
    from yearly as now
    inner join yearly as before
        on now.region_code = before.region_code and now.year = before.year + 1

),

with_parents as (

    select
        region_code,
        year,
        gdp_10k_cny,
        at_last_years_prices_10k_cny,
        origin_rank,
        false as is_of_children
    from steps
    union all
    select
        regions.parent_code as region_code,
        steps.year,
        sum(steps.gdp_10k_cny) as gdp_10k_cny,
        sum(steps.at_last_years_prices_10k_cny) as at_last_years_prices_10k_cny,
        max(steps.origin_rank) as origin_rank,
        true as is_of_children
    from steps
    inner join regions on steps.region_code = regions.region_code
    left join steps as own
        on regions.parent_code = own.region_code and steps.year = own.year
    where regions.parent_code is not null and own.region_code is null
    group by regions.parent_code, steps.year

),

prices as (

    select
        region_code,
        year,
        is_of_children,
        {{ log_ratio('at_last_years_prices_10k_cny', 'gdp_10k_cny') }} as log_price_change,
        max(origin_rank) over (partition by region_code) as origin_rank
    from with_parents

),

levels as (

    select
        region_code,
        year,
        is_of_children,
        sum(log_price_change) over (
            partition by region_code order by year
            rows between unbounded preceding and current row
        ) as log_level,
        origin_rank
    from prices

),

bases as (

    select
        region_code,
        log_level
    from levels
    where year = {{ var('price_base_year') }}

),

final as (

    select
        levels.region_code,
        levels.year,
        exp(levels.log_level - bases.log_level) as deflator,
        {{ var('price_base_year') }} as price_base_year,
        levels.is_of_children,
        greatest(levels.origin_rank, 2) as origin_rank
    from levels
    inner join bases on levels.region_code = bases.region_code

)

select * from final
