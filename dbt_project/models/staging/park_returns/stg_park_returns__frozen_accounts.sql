with raw_records as (

    select * from {{ source('raw', 'park_returns_frozen_accounts') }}

),

final as (

    select
        park_id,
        cast(year as integer) as year,
        method,
        frozen_version,
        factor_set,
        cast(frozen_co2_t as double) as frozen_co2_t,
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
