with park_method_process_factors as (

    select * from {{ source('park_methods', 'park_method_process_factors') }}

),

final as (

    select
        method,
        entry,
        process_product,
        process_route,
        gas,
        year_from,
        coalesce(year_to, 9999) as year_to,
        gas_t_per_t,
        carbon_t_per_t,
        data_year,
        origin,
        source_id,
        confidence,
        clause_id,
        note
    from park_method_process_factors

)

select * from final
order by method, process_product, process_route, gas, year_from
