with park_method_heat_factors as (

    select * from {{ source('park_methods', 'park_method_heat_factors') }}

),

final as (

    select
        method,
        supply_kind,
        year_from,
        coalesce(year_to, 9999) as year_to,
        co2_t_per_gj,
        data_year,
        origin,
        source_id,
        confidence,
        clause_id,
        note
    from park_method_heat_factors

)

select * from final
order by method, supply_kind, year_from
