with park_method_view_factors as (

    select * from {{ source('park_methods', 'park_method_view_factors') }}

),

final as (

    select
        method,
        electricity_view,
        factor_area,
        grid_factor_kind,
        factor_year,
        year_from,
        coalesce(year_to, 9999) as year_to,
        clause_id,
        note
    from park_method_view_factors

)

select * from final
order by method, electricity_view, year_from
