-- As the balances held print it: losses are not in total consumption (see their sidecars).
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'region_energy'}}}) }}

with region_energy as (

    select * from {{ ref('region_energy') }}

),

totals as (

    select
        region_code,
        year,
        fuel_code,
        vintage,
        sum(case when balance_item = 'total_consumption' then quantity end) as total_quantity,
        sum(case when balance_item <> 'total_consumption' then quantity end) as parts_quantity,
        max(abs(quantity)) as largest_quantity
    from region_energy
    where
        balance_item in ('total_consumption', 'total_final_consumption', 'transformation_total')
    group by region_code, year, fuel_code, vintage

),

final as (

    select *
    from totals
    where
        (total_quantity is null and parts_quantity <> 0)
        or (parts_quantity is null and total_quantity <> 0)
        or abs(total_quantity - parts_quantity)
        > {{ threshold('balance_closure') }} * largest_quantity

)

select * from final
