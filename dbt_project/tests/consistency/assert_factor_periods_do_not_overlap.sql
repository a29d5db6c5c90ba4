-- Two factors in force in one year would count an activity twice.
{{ config(meta={'dagster': {'ref': {'name': 'emission_factors'}}}) }}

with emission_factors as (

    select * from {{ ref('emission_factors') }}

),

grid_emission_factors as (

    select * from {{ ref('grid_emission_factors') }}

),

periods as (

    select
        factor_id,
        method || '/' || fuel_code || '/' || coalesce(industry_code, '') as used_for,
        year_from,
        year_to
    from emission_factors
    union all
    select
        factor_id,
        method || '/' || grid_name || '/' || kind as used_for,
        year_from,
        year_to
    from grid_emission_factors

),

ordered as (

    select
        *,
        lead(factor_id) over following as next_factor_id,
        lead(year_from) over following as next_year_from
    from periods
    window following as (partition by used_for order by year_from, factor_id)

),

final as (

    select *
    from ordered
    where year_from is null or year_to < year_from or next_year_from <= year_to

)

select * from final
