with park_method_fuel_factors as (

    select * from {{ source('park_methods', 'park_method_fuel_factors') }}

),

final as (

    select
        method,
        fuel_code,
        coal_kind,
        year_from,
        coalesce(year_to, 9999) as year_to,
        unit,
        ncv_gj_per_unit,
        carbon_content_tc_per_gj,
        oxidation_rate,
        data_year,
        origin,
        source_id,
        confidence,
        clause_id,
        note
    from park_method_fuel_factors

)

select * from final
order by method, fuel_code, coal_kind, year_from
