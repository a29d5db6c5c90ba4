with raw_records as (

    select * from {{ source('raw', 'park_returns_waste') }}

),

final as (

    select
        park_id,
        cast(year as integer) as year,
        boundary,
        waste_kind,
        cast(waste_generated_t as double) as waste_generated_t,
        cast(waste_used_t as double) as waste_used_t,
        cast(waste_used_of_stock_t as double) as waste_used_of_stock_t,
        cast(waste_disposed_t as double) as waste_disposed_t,
        cast(waste_stored_t as double) as waste_stored_t,
        note,
        _vintage as vintage,
        _source_id as source_id,
        _origin as origin,
        _load_id,
        _file_name,
        _sheet_name,
        _row_number
    from raw_records

)

select * from final
