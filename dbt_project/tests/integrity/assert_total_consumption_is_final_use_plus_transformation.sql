-- As CEADs arranges the balances: losses are not in total consumption (see their sidecars). A
-- balance with its supply side is the yearbook's own, which counts gross uses. Tables that do not
-- print all three have nothing to compare.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'region_energy'}}}) }}

with region_energy as (

    select * from {{ ref('region_energy') }}

),

with_supply as (

    select distinct
        region_code,
        year,
        vintage
    from region_energy
    where balance_item = 'supply_total'

),

totals as (

    select
        region_energy.region_code,
        region_energy.year,
        region_energy.fuel_code,
        region_energy.vintage,
        sum(
            case
                when region_energy.balance_item = 'total_consumption'
                    then region_energy.quantity
            end
        ) as total_quantity,
        sum(
            case
                when region_energy.balance_item <> 'total_consumption'
                    then region_energy.quantity
            end
        ) as parts_quantity,
        sum(abs(region_energy.quantity)) as gross_quantity
    from region_energy
    left join with_supply
        on
            region_energy.region_code = with_supply.region_code
            and region_energy.year = with_supply.year
            and region_energy.vintage = with_supply.vintage
    where
        with_supply.region_code is null
        and region_energy.balance_item in (
            'total_consumption', 'total_final_consumption', 'transformation_total'
        )
    group by
        region_energy.region_code, region_energy.year, region_energy.fuel_code,
        region_energy.vintage

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
