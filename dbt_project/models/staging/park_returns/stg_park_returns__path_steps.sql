with raw_records as (

    select * from {{ source('raw', 'park_returns_path_steps') }}

),

final as (

    select
        park_id,
        path_id,
        path_measure_id,
        cast(year as integer) as year,
        cast(planned_share as double) as planned_share,
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
