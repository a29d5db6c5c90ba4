with raw_records as (

    select * from {{ source('raw', 'ceads_inventory_city_co2') }}

),

final as (

    select
        region_code,
        cast(year as integer) as year,
        cast(co2_t as double) as co2_t,
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
