with raw_records as (

    select * from {{ source('raw', 'park_returns_path_measures') }}

),

final as (

    select
        park_id,
        path_measure_id,
        measure_name,
        path_measure_kind,
        cut_entry,
        cast(cut_co2_t as double) as cut_co2_t,
        added_entry,
        cast(added_co2_t as double) as added_co2_t,
        cast(energy_change_tce as double) as energy_change_tce,
        cast(capital_10k_cny as double) as capital_10k_cny,
        cast(yearly_cost_10k_cny as double) as yearly_cost_10k_cny,
        cast(life_years as integer) as life_years,
        cast(lead_years as integer) as lead_years,
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
