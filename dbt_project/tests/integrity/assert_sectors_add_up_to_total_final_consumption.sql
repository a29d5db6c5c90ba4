-- The balance prints final consumption by sector and in total; a sector lost in a rename, or read
-- twice, breaks the sum. Tables that print only the total, or no total, have nothing to compare.
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
            as total_quantity,
        sum(abs(quantity)) as gross_quantity
    from region_energy
    where balance_item in ('final_consumption', 'total_final_consumption')
    group by region_code, year, fuel_code, vintage

),

printed as (

    select
        *,
        count(sectors_quantity) over (partition by region_code, year, vintage) > 0
        and count(total_quantity) over (partition by region_code, year, vintage) > 0
            as has_both
    from sums

),

final as (

    select *
    from printed
    where
        has_both
        and not {{ is_equal(
            'coalesce(sectors_quantity, 0)',
            'coalesce(total_quantity, 0)',
            'gross_quantity',
            'balance_closure'
        ) }}

)

select * from final
