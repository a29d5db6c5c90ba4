with raw_records as (

    select * from {{ source('raw', 'government_bulletins_assessment_values') }}

),

final as (

    select
        region_code,
        cast(year as integer) as year,
        indicator,
        cast(reached_value as double) as reached_value,
        cast(target_value as double) as target_value,
        unit,
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
