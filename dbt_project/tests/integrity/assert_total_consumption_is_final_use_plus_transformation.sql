-- As CEADs arranges the balances: losses are not in total consumption (see their sidecars). A
-- balance with its supply side is the yearbook's own, which counts gross uses.
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
        max(abs(region_energy.quantity)) as largest_quantity
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

final as (

    select *
    from totals
    where
        abs(total_quantity - parts_quantity)
        > {{ threshold('balance_closure') }} * largest_quantity

)

select * from final
