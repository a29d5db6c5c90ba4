-- The implicit price of regional product, as a ratio to its price in var price_base_year: the
-- yearly price ratios of one series, its nominal change over its volume index, multiplied along the
-- years. Years that do not hang together with the base year have none.
with steps as (

    select * from {{ ref('int_economy__steps_weighted') }}
    where is_preferred and indicator = 'gdp' and price_ratio is not null

),

ranked as (

    select
        *,
        row_number() over (partition by region_code, year order by basis) as precedence
    from steps

),

prices as (

    select
        region_code,
        year,
        basis = 'parts' as is_of_children,
        source_id,
        {{ log_of('price_ratio') }} as log_price_change,
        origin_rank,
        year - row_number() over (partition by region_code order by year) as run
    from ranked
    where precedence = 1

),

levels as (

    select
        *,
        sum(log_price_change) over (
            partition by region_code, run order by year
            rows between unbounded preceding and current row
        ) as log_level,
        max(origin_rank) over (partition by region_code, run) as run_origin_rank
    from prices

),

bases as (

    select
        region_code,
        run,
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
        levels.source_id,
        greatest(levels.run_origin_rank, 2) as origin_rank
    from levels
    inner join bases on levels.region_code = bases.region_code and levels.run = bases.run

)

select * from final
