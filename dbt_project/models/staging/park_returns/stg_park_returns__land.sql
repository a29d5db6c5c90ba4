with raw_records as (

    select * from {{ source('raw', 'park_returns_land') }}

),

final as (

    select
        park_id,
        cast(year as integer) as year,
        cast(total_area_ha as double) as total_area_ha,
        cast(supplied_area_ha as double) as supplied_area_ha,
        cast(built_area_ha as double) as built_area_ha,
        cast(industrial_area_ha as double) as industrial_area_ha,
        cast(idle_area_ha as double) as idle_area_ha,
        cast(green_area_ha as double) as green_area_ha,
        cast(industrial_available_area_ha as double) as industrial_available_area_ha,
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
