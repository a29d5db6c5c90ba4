with raw_records as (

    select * from {{ source('raw', 'city_model_held_back_runs') }}

),

final as (

    select
        run,
        region_code,
        cast(year as integer) as year,
        cast(territorial_co2_t as double) as territorial_co2_t,
        cast(report_co2_t as double) as report_co2_t,
        cast(coal_t as double) as coal_t,
        cast(final_electricity_mwh as double) as final_electricity_mwh,
        cast(industrial_energy_tce as double) as industrial_energy_tce,
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
