with raw_records as (

    select * from {{ source('raw', 'park_returns_allowances') }}

),

final as (

    select
        park_id,
        enterprise_id,
        cast(year as integer) as year,
        allowance_kind,
        cast(quantity_t as double) as quantity_t,
        cast(quantity_mwh as double) as quantity_mwh,
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
