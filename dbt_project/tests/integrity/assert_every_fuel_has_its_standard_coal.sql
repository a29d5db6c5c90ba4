-- A quantity without a coefficient would fall out of every sum in standard coal. Totals of fuels
-- (all coal, all oil) have none: what they add up has.
{{ config(meta={'dagster': {'ref': {'name': 'int_energy__series_standardised'}}}) }}

with series as (

    select * from {{ ref('int_energy__series_standardised') }}

),

fuels as (

    select * from {{ ref('fuels') }}
    where not is_aggregate

),

final as (

    select series.*
    from series
    inner join fuels on series.fuel_code = fuels.fuel_code
    where series.quantity is not null and series.energy_tce is null

)

select * from final
