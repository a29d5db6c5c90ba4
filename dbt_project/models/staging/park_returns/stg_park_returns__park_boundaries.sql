with raw_records as (

    select * from {{ source('raw', 'park_returns_park_boundaries') }}

),

final as (

    select
        park_id,
        parent_park_id,
        boundary_kind,
        statistical_boundary,
        cast(year_from as integer) as year_from,
        cast(year_to as integer) as year_to,
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
