-- The balance prints final consumption by sector and in total; a sector lost in a rename, or read
-- twice, breaks the sum. Regions of which only the total is held are not compared.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'region_energy'}}}) }}

with region_energy as (

    select * from {{ ref('region_energy') }}

),

sums as (

    select
        region_code,
        year,
        fuel_code,
        vintage,
        sum(case when balance_item = 'final_consumption' then quantity end) as sectors_quantity,
        sum(case when balance_item = 'total_final_consumption' then quantity end)
            as total_quantity
    from region_energy
    where balance_item in ('final_consumption', 'total_final_consumption')
    group by region_code, year, fuel_code, vintage

),

final as (

    select *
    from sums
    where
        (sectors_quantity is null and total_quantity <> 0)
        or (total_quantity is null and sectors_quantity <> 0)
        or abs(sectors_quantity - total_quantity)
        > {{ threshold('balance_closure') }} * abs(total_quantity)

)

select * from final
