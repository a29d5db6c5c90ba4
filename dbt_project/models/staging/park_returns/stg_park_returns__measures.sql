with raw_records as (

    select * from {{ source('raw', 'park_returns_measures') }}

),

final as (

    select
        park_id,
        measure,
        cast(year as integer) as year,
        cast(adopted as boolean) as adopted,
        detail,
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
