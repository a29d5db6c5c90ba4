with raw_records as (

    select * from {{ source('raw', 'park_returns_park_facts') }}

),

final as (

    select
        park_id,
        cast(year as integer) as year,
        boundary,
        price_basis,
        cast(gdp_10k_cny as double) as gdp_10k_cny,
        cast(gdp_real_growth_rate as double) as gdp_real_growth_rate,
        cast(industrial_value_added_10k_cny as double) as industrial_value_added_10k_cny,
        cast(industrial_value_added_real_growth_rate as double)
            as industrial_value_added_real_growth_rate,
        cast(industrial_output_10k_cny as double) as industrial_output_10k_cny,
        cast(two_high_output_10k_cny as double) as two_high_output_10k_cny,
        cast(energy_tce as double) as energy_tce,
        tce_convention,
        cast(coal_t as double) as coal_t,
        cast(coal_tce as double) as coal_tce,
        cast(coke_t as double) as coke_t,
        cast(natural_gas_m3 as double) as natural_gas_m3,
        cast(electricity_mwh as double) as electricity_mwh,
        cast(green_electricity_mwh as double) as green_electricity_mwh,
        cast(heat_gj as double) as heat_gj,
        cast(co2_t as double) as co2_t,
        co2_scope,
        cast(employees as integer) as employees,
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
