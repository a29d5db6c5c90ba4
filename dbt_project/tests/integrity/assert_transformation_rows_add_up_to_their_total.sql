-- Inputs are positive and outputs negative in every transformation row. Coke reinput is printed
-- below the subtotal and is no part of it.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'region_energy'}}}) }}

with region_energy as (

    select * from {{ ref('region_energy') }}

),

balance_items as (

    select * from {{ ref('balance_items') }}
    where block = 'transformation' and balance_item <> 'coke_reinput'

),

sums as (

    select
        region_energy.region_code,
        region_energy.year,
        region_energy.fuel_code,
        region_energy.vintage,
        sum(case when not balance_items.is_aggregate then region_energy.quantity end)
            as rows_quantity,
        sum(case when balance_items.is_aggregate then region_energy.quantity end)
            as total_quantity,
        max(abs(region_energy.quantity)) as largest_quantity
    from region_energy
    inner join balance_items on region_energy.balance_item = balance_items.balance_item
    group by
        region_energy.region_code, region_energy.year, region_energy.fuel_code,
        region_energy.vintage

),

final as (

    select *
    from sums
    where
        (rows_quantity is null and total_quantity <> 0)
        or (total_quantity is null and rows_quantity <> 0)
        or abs(rows_quantity - total_quantity)
        > {{ threshold('balance_closure') }} * largest_quantity

)

select * from final
