-- Every quantity is the sum of the raw cells the lineage names, and every such cell is the printed
-- number times its conversion.
{{ config(meta={'dagster': {'ref': {'name': 'region_energy'}}}) }}

with region_energy as (

    select * from {{ ref('region_energy') }}

),

energy_lineage as (

    select * from {{ ref('energy_lineage') }}

),

cells as (

    select
        region_code,
        year,
        balance_item,
        industry_code,
        fuel_code,
        vintage,
        sum(quantity) as cells_quantity,
        sum(abs(quantity)) as gross_quantity,
        sum({{ printed_number('number_text') }} * to_unit_factor) as printed_quantity
    from energy_lineage
    group by region_code, year, balance_item, industry_code, fuel_code, vintage

),

final as (

    select
        region_energy.region_code,
        region_energy.year,
        region_energy.balance_item,
        region_energy.industry_code,
        region_energy.fuel_code,
        region_energy.vintage,
        region_energy.quantity,
        cells.cells_quantity,
        cells.printed_quantity
    from region_energy
    full outer join cells
        on
            region_energy.region_code = cells.region_code
            and region_energy.year = cells.year
            and region_energy.balance_item = cells.balance_item
            and region_energy.industry_code = cells.industry_code
            and region_energy.fuel_code = cells.fuel_code
            and region_energy.vintage = cells.vintage
    where
        region_energy.region_code is null
        or cells.region_code is null
        or (region_energy.quantity is null) <> (cells.cells_quantity is null)
        or not {{ is_equal(
            'region_energy.quantity', 'cells.cells_quantity', 'cells.gross_quantity'
        ) }}
        or not {{ is_equal(
            'region_energy.quantity', 'cells.printed_quantity', 'cells.gross_quantity'
        ) }}

)

select * from final
