with raw_records as (

    select * from {{ source('raw', 'park_returns_energy_exchange') }}

),

final as (

    select
        park_id,
        enterprise_id,
        cast(year as integer) as year,
        cast(month as integer) as month,
        carrier,
        direction,
        counterpart,
        supply_kind,
        cast(quantity as double) as quantity,
        unit,
        cast(renewable_share as double) as renewable_share,
        cast(co2_t_per_mwh as double) as co2_t_per_mwh,
        cast(co2_t_per_gj as double) as co2_t_per_gj,
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
