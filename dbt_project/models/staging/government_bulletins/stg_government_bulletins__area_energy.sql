with raw_records as (

    select * from {{ source('raw', 'government_bulletins_area_energy') }}

),

final as (

    select
        area_name_zh,
        area_kind,
        region_code,
        cast(year as integer) as year,
        period,
        industry_code,
        boundary,
        cast(energy_tce as double) as energy_tce,
        cast(area_share as double) as area_share,
        share_area_name_zh,
        cast(energy_tce_per_industrial_va as double) as energy_tce_per_industrial_va,
        cast(co2_t_per_gdp as double) as co2_t_per_gdp,
        cast(is_computed as boolean) as is_computed,
        wording,
        url,
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
