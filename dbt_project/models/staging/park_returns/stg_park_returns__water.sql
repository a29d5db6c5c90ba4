with raw_records as (

    select * from {{ source('raw', 'park_returns_water') }}

),

final as (

    select
        park_id,
        cast(year as integer) as year,
        boundary,
        cast(fresh_water_m3 as double) as fresh_water_m3,
        cast(industrial_fresh_water_m3 as double) as industrial_fresh_water_m3,
        cast(reused_water_m3 as double) as reused_water_m3,
        cast(reclaimed_water_m3 as double) as reclaimed_water_m3,
        cast(wastewater_m3 as double) as wastewater_m3,
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
