with cells as (

    select * from {{ ref('int_park__cells_returned') }}

),

final as (

    select
        park_id,
        enterprise_id,
        year,
        month,
        fuel_code,
        flow,
        vintage,
        'raw.' || dataset as raw_table,
        _file_name as file_name,
        _sheet_name as sheet_name,
        _row_number as row_number,
        column_name,
        value_text,
        unit_label,
        to_unit_factor,
        unit,
        quantity,
        origin,
        source_id,
        _load_id as load_id
    from cells

)

select * from final
order by park_id, enterprise_id, year, fuel_code, flow, month, file_name, sheet_name, row_number
