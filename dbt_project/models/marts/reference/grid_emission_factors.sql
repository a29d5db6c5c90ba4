with grid_factors as (

    select * from {{ ref('grid_factors') }}

),

method_grid_rules as (

    select * from {{ source('methods', 'method_grid_rules') }}

),

-- As published, for any use.
published as (

    select
        'grid.' || grid_name || '.' || year
        || case when kind = 'average' then '' else '.' || kind end as factor_id,
        'published' as method,
        grid_name,
        year,
        kind,
        co2_t_per_mwh,
        year as year_from,
        year as year_to,
        origin,
        source_id
    from grid_factors

),

-- The average a method takes, and the years it takes it for.
in_force as (

    select
        method_grid_rules.method || '.grid.' || grid_factors.grid_name || '.' || grid_factors.year
            as factor_id,
        method_grid_rules.method,
        grid_factors.grid_name,
        grid_factors.year,
        grid_factors.kind,
        grid_factors.co2_t_per_mwh,
        method_grid_rules.year_from,
        coalesce(method_grid_rules.year_to, 9999) as year_to,
        grid_factors.origin,
        grid_factors.source_id
    from method_grid_rules
    inner join grid_factors
        on
            method_grid_rules.factor_year = grid_factors.year
            and grid_factors.kind = 'average'

),

united as (

    select * from published
    union all
    select * from in_force

),

final as (

    select
        factor_id,
        method,
        grid_name,
        year,
        kind,
        co2_t_per_mwh,
        year_from,
        year_to,
        origin,
        source_id
    from united

)

select * from final
order by factor_id
