with raw_records as (

    select * from {{ source('raw', 'park_returns_peak_plans') }}

),

final as (

    select
        park_id,
        cast(has_plan as boolean) as has_plan,
        cast(plan_year as integer) as plan_year,
        boundary,
        cast(peak_year as integer) as peak_year,
        peak_period,
        cast(peak_co2_t as double) as peak_co2_t,
        cast(base_year as integer) as base_year,
        cast(base_co2_t as double) as base_co2_t,
        cast(increase_rate as double) as increase_rate,
        co2_scope,
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
