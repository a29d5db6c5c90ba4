-- As the balances held print it: losses are not in total consumption (see their sidecars).
-- Tables that do not print all three have nothing to compare.
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
        sum(abs(quantity)) as gross_quantity
    from region_energy
    where
        balance_item in ('total_consumption', 'total_final_consumption', 'transformation_total')
    group by region_code, year, fuel_code, vintage

),

printed as (

    select
        region_code,
        year,
        vintage
    from region_energy
    where
        balance_item in ('total_consumption', 'total_final_consumption', 'transformation_total')
    group by region_code, year, vintage
    having count(distinct balance_item) = 3

),

final as (

    select totals.*
    from totals
    inner join printed
        on
            totals.region_code = printed.region_code
            and totals.year = printed.year
            and totals.vintage = printed.vintage
    where
        not {{ is_equal(
            'coalesce(totals.total_quantity, 0)',
            'coalesce(totals.parts_quantity, 0)',
            'totals.gross_quantity',
            'balance_closure'
        ) }}

)

select * from final
