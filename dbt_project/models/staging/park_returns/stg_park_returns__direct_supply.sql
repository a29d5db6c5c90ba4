with raw_records as (

    select * from {{ source('raw', 'park_returns_direct_supply') }}

),

final as (

    select
        park_id,
        supply_project,
        cast(year as integer) as year,
        cast(hour_of_year as integer) as hour_of_year,
        cast(project_generation_mwh as double) as project_generation_mwh,
        cast(project_load_mwh as double) as project_load_mwh,
        cast(project_self_used_mwh as double) as project_self_used_mwh,
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
