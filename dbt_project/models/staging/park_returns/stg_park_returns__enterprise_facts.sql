with raw_records as (

    select * from {{ source('raw', 'park_returns_enterprise_facts') }}

),

final as (

    select
        park_id,
        enterprise_id,
        cast(year as integer) as year,
        price_basis,
        cast(industrial_value_added_10k_cny as double) as industrial_value_added_10k_cny,
        cast(industrial_output_10k_cny as double) as industrial_output_10k_cny,
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
