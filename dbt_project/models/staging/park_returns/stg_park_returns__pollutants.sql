with raw_records as (

    select * from {{ source('raw', 'park_returns_pollutants') }}

),

final as (

    select
        park_id,
        cast(year as integer) as year,
        boundary,
        pollutant,
        cast(emission_t as double) as emission_t,
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
