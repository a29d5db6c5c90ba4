with raw_records as (

    select * from {{ source('raw', 'wri_database_power_plants') }}

),

final as (

    select
        plant_id,
        region_code,
        name,
        primary_fuel,
        cast(capacity_mw as double) as capacity_mw,
        cast(commissioning_year as integer) as commissioning_year,
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
