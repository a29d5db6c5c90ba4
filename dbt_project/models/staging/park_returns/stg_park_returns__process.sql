with raw_records as (

    select * from {{ source('raw', 'park_returns_process') }}

),

final as (

    select
        park_id,
        enterprise_id,
        cast(year as integer) as year,
        process_product,
        process_route,
        gas,
        cast(process_quantity_t as double) as process_quantity_t,
        cast(gas_t_per_t as double) as gas_t_per_t,
        basis,
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
