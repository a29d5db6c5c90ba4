-- Before any activity asks for it: a factor of the method's own, or for electricity bought and
-- counted in MWh one of the grid. The landing names file and row before anything is built.
{{ config(meta={'dagster': {'ref': {'name': 'emission_factors'}}}) }}

with rules as (

    select * from {{ ref('int_co2__rules_resolved') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

emission_factors as (

    select * from {{ ref('emission_factors') }}

),

grid_emission_factors as (

    select * from {{ ref('grid_emission_factors') }}

),

wanted as (

    select distinct
        rules.method,
        rules.fuel_code,
        rules.scope,
        rules.scope = '2' and fuels.fuel_group = 'electricity' and fuels.unit = 'mwh'
            as may_take_grid_factor
    from rules
    inner join fuels on rules.fuel_code = fuels.fuel_code

),

final as (

    select *
    from wanted
    where
        not exists (
            select 1
            from emission_factors
            where
                emission_factors.method = wanted.method
                and emission_factors.fuel_code = wanted.fuel_code
        )
        and not (
            may_take_grid_factor
            and exists (
                select 1
                from grid_emission_factors
                where grid_emission_factors.method = wanted.method
            )
        )

)

select * from final
