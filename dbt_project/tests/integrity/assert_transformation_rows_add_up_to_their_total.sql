-- Inputs are positive and outputs negative in every transformation row. Coke reinput is printed
-- below the subtotal and is no part of it. Tables without a subtotal have nothing to compare.
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
        sum(abs(region_energy.quantity)) as gross_quantity
    from region_energy
    inner join balance_items on region_energy.balance_item = balance_items.balance_item
    group by
        region_energy.region_code, region_energy.year, region_energy.fuel_code,
        region_energy.vintage

),

printed as (

    select
        *,
        count(total_quantity) over (partition by region_code, year, vintage) > 0 as has_total
    from sums

),

final as (

    select *
    from printed
    where
        has_total
        and not {{ is_equal(
            'coalesce(rows_quantity, 0)',
            'coalesce(total_quantity, 0)',
            'gross_quantity',
            'balance_closure'
        ) }}

)

select * from final
