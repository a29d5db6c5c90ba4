with raw_records as (

    select * from {{ source('raw', 'park_returns_guiding_values') }}

),

final as (

    select
        park_id,
        cast(year as integer) as year,
        guiding_item,
        item_detail,
        cast(is_applicable as boolean) as is_applicable,
        stated_reason,
        cast(counted_quantity as double) as counted_quantity,
        cast(whole_quantity as double) as whole_quantity,
        unit,
        cast(limit_level as integer) as limit_level,
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
