with raw_records as (

    select * from {{ source('raw', 'government_bulletins_carbon_budgets') }}

),

final as (

    select
        region_code,
        park_id,
        enterprise_id,
        cast(year as integer) as year,
        cast(budget_t as double) as budget_t,
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
