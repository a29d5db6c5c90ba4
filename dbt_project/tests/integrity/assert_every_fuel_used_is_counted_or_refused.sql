-- A fuel in a balance with no word on it in method_fuels would fall out of the total in silence.
{{ config(meta={'dagster': {'ref': {'name': 'region_co2'}}}) }}

with series as (

    select * from {{ ref('int_energy__series_standardised') }}

),

methods as (

    select * from {{ ref('methods') }}

),

fuels as (

    select * from {{ ref('fuels') }}
    where not is_aggregate

),

method_fuels as (

    select * from {{ ref('method_fuels') }}

),

used as (

    select distinct series.fuel_code
    from series
    inner join fuels on series.fuel_code = fuels.fuel_code
    where series.block is not null and series.quantity <> 0

),

final as (

    select
        methods.method,
        used.fuel_code
    from methods
    cross join used
    left join method_fuels
        on methods.method = method_fuels.method and used.fuel_code = method_fuels.fuel_code
    where
        method_fuels.is_counted is null
        or (not method_fuels.is_counted and method_fuels.reason is null)

)

select * from final
