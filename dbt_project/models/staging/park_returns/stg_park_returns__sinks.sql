with raw_records as (

    select * from {{ source('raw', 'park_returns_sinks') }}

),

final as (

    select
        park_id,
        cast(year as integer) as year,
        sink_kind,
        cast(co2_t as double) as co2_t,
        cast(area_ha as double) as area_ha,
        basis,
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
