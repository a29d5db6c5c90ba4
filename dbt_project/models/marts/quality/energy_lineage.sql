with observations as (

    select * from {{ ref('int_energy__observations_united') }}

),

final as (

    select
        region_code,
        year,
        balance_item,
        industry_code,
        fuel_code,
        vintage,
        'raw.' || dataset as raw_table,
        _file_name as file_name,
        _sheet_name as sheet_name,
        _row_number as row_number,
        _column_number as column_number,
        _column_name as column_name,
        value_text,
        number_text,
        _correction_id as correction_id,
        unit_label,
        to_unit_factor,
        unit,
        quantity,
        origin,
        source_id,
        _load_id as load_id
    from observations

)

select * from final
order by
    region_code, year, balance_item, industry_code, fuel_code, vintage, file_name, sheet_name,
    row_number, column_number
