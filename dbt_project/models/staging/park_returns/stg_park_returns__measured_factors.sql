with raw_records as (

    select * from {{ source('raw', 'park_returns_measured_factors') }}

),

final as (

    select
        park_id,
        enterprise_id,
        cast(year as integer) as year,
        fuel_code,
        unit,
        cast(unit_heat_gj as double) as unit_heat_gj,
        cast(carbon_content_tc_per_gj as double) as carbon_content_tc_per_gj,
        cast(oxidation_rate as double) as oxidation_rate,
        laboratory,
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
