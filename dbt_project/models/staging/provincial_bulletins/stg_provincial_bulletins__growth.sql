with raw_records as (

    select * from {{ source('raw', 'provincial_bulletins_growth') }}

),

final as (

    select
        region_code,
        cast(year as integer) as year,
        cast(growth_rate as double) as growth_rate,
        cast(printed_step_rate as double) as printed_step_rate,
        provenance,
        publication,
        url,
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
