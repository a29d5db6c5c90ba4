with raw_records as (

    select * from {{ source('raw', 'park_returns_enterprises') }}

),

final as (

    select
        park_id,
        enterprise_id,
        name_zh,
        unified_social_credit_code,
        industry_code,
        cast(is_above_size as boolean) as is_above_size,
        cast(is_key_energy_user as boolean) as is_key_energy_user,
        cast(is_in_emissions_trading as boolean) as is_in_emissions_trading,
        cast(has_captive_power_plant as boolean) as has_captive_power_plant,
        cast(operating_year_from as integer) as operating_year_from,
        cast(operating_year_to as integer) as operating_year_to,
        note,
        cast(is_aggregate as boolean) as is_aggregate,
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
