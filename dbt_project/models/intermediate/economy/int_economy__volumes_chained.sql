-- Volume of product, or of value added, against var price_base_year: the yearly volume ratios
-- multiplied along the years. A region's own index overrides that of its parts, year by year:
-- each is a ratio within one series, so they multiply. A year without either ends the chain; what
-- does not hang together with the base year has its ratio and no level.
with steps as (

    select * from {{ ref('int_economy__steps_weighted') }}
    where is_preferred and volume_ratio is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by region_code, year, indicator order by basis
        ) as precedence
    from steps

),

numbered as (

    select
        region_code,
        year,
        indicator,
        basis = 'parts' as is_of_parts,
        source_id,
        volume_ratio,
        {{ log_of('volume_ratio') }} as log_ratio,
        origin_rank,
        year - row_number() over (partition by region_code, indicator order by year) as run
    from ranked
    where precedence = 1

),

-- The year a run starts from has a level too.
starts as (

    select
        region_code,
        min(year) - 1 as year,
        indicator,
        cast(null as boolean) as is_of_parts,
        min(source_id) as source_id,
        cast(null as double) as volume_ratio,
        0e0 as log_ratio,
        1 as origin_rank,
        run
    from numbered
    group by region_code, indicator, run

),

united as (

    select
        region_code,
        year,
        indicator,
        is_of_parts,
        source_id,
        volume_ratio,
        log_ratio,
        origin_rank,
        run
    from numbered
    union all
    select
        region_code,
        year,
        indicator,
        is_of_parts,
        source_id,
        volume_ratio,
        log_ratio,
        origin_rank,
        run
    from starts

),

levels as (

    select
        *,
        sum(log_ratio) over (
            partition by region_code, indicator, run order by year
            rows between unbounded preceding and current row
        ) as log_level,
        max(origin_rank) over (partition by region_code, indicator, run) as run_origin_rank
    from united

),

bases as (

    select
        region_code,
        indicator,
        run,
        log_level
    from levels
    where year = {{ var('price_base_year') }}

),

final as (

    select
        levels.region_code,
        levels.year,
        levels.indicator,
        levels.volume_ratio,
        levels.is_of_parts,
        levels.source_id,
        exp(levels.log_level - bases.log_level) as volume_level,
        greatest(levels.run_origin_rank, 2) as origin_rank
    from levels
    left join bases
        on
            levels.region_code = bases.region_code
            and levels.indicator = bases.indicator
            and levels.run = bases.run

)

select * from final
