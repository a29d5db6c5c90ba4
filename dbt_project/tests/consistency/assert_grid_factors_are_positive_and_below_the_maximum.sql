{{ config(meta={'dagster': {'ref': {'name': 'grid_emission_factors'}}}) }}

with grid_emission_factors as (

    select * from {{ ref('grid_emission_factors') }}

),

final as (

    select *
    from grid_emission_factors
    where
        co2_t_per_mwh is null
        or co2_t_per_mwh <= 0
        or co2_t_per_mwh > {{ threshold('grid_factor_maximum') }}

)

select * from final
