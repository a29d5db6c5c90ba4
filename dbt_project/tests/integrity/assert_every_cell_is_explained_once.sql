-- A row of CO2 names each raw cell it rests on once.
with explain_cells as (

    select * from {{ ref('explain') }}

),

final as (

    select
        account,
        region_code,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        file_name,
        sheet_name,
        row_number,
        column_number,
        count(*) as copies
    from explain_cells
    group by
        account, region_code, year, method, balance_item, industry_code, fuel_code, scope,
        file_name, sheet_name, row_number, column_number
    having count(*) > 1

)

select * from final
