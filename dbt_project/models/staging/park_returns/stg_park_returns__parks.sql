with raw_records as (

    select * from {{ source('raw', 'park_returns_parks') }}

),

final as (

    select
        park_id,
        name_zh,
        name_en,
        level,
        region_code,
        park_type,
        cast(is_sample as boolean) as is_sample,
        cast(is_key as boolean) as is_key,
        report_label,
        cast(established_year as integer) as established_year,
        cast(approved_area_ha as double) as approved_area_ha,
        leading_industry_code_1,
        leading_industry_code_2,
        leading_industry_code_3,
        leading_industry_code_4,
        leading_industry_code_5,
        cast(has_energy_infrastructure as boolean) as has_energy_infrastructure,
        energy_infrastructure,
        note,
        returns_boundary,
        confidence,
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
