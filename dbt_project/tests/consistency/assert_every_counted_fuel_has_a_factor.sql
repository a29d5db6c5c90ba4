-- Before any activity asks for it. Electricity takes a factor of the grid.
{{ config(meta={'dagster': {'ref': {'name': 'emission_factors'}}}) }}

with rules as (

    select * from {{ ref('int_co2__rules_resolved') }}

),

emission_factors as (

    select * from {{ ref('emission_factors') }}

),

grid_emission_factors as (

    select * from {{ ref('grid_emission_factors') }}

),

wanted as (

    select distinct
        method,
        fuel_code,
        scope
    from rules

),

final as (

    select *
    from wanted
    where
        (
            scope = '1'
            and not exists (
                select 1
                from emission_factors
                where
                    emission_factors.method = wanted.method
                    and emission_factors.fuel_code = wanted.fuel_code
            )
        )
        or (
            scope = '2'
            and not exists (
                select 1
                from grid_emission_factors
                where grid_emission_factors.method = wanted.method
            )
        )

)

select * from final
