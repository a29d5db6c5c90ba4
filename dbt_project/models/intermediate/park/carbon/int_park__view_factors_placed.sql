-- The factor of each view and method in each province, by the years it is taken for.
with view_factors as (

    select * from {{ ref('park_view_factors') }}

),

grid_factors as (

    select * from {{ ref('grid_emission_factors') }}
    where method = 'published'

),

regions as (

    select * from {{ ref('regions') }}

),

views as (

    select * from {{ ref('electricity_views') }}

),

-- What each area of a factor is for a province: itself, or the country.
areas as (

    select
        'province' as factor_area,
        region_code as province_code,
        region_code as area_code
    from regions
    where level = 'province'
    union all
    select
        'country' as factor_area,
        provinces.region_code as province_code,
        countries.region_code as area_code
    from regions as provinces
    inner join regions as countries on provinces.parent_code = countries.region_code
    where provinces.level = 'province' and countries.level = 'country'

),

final as (

    select
        view_factors.method,
        view_factors.electricity_view,
        views.position,
        views.rung_cause,
        areas.province_code,
        view_factors.year_from,
        view_factors.year_to,
        view_factors.factor_year,
        view_factors.factor_area,
        view_factors.grid_factor_kind,
        view_factors.clause_id,
        grid_factors.co2_t_per_mwh as view_co2_t_per_mwh,
        {{ origin_rank('grid_factors.origin') }} as origin_rank,
        grid_factors.source_id
    from view_factors
    inner join views on view_factors.electricity_view = views.electricity_view
    inner join areas on view_factors.factor_area = areas.factor_area
    inner join grid_factors
        on
            areas.area_code = grid_factors.grid_name
            and view_factors.grid_factor_kind = grid_factors.kind
            and view_factors.factor_year = grid_factors.year

)

select * from final
order by method, electricity_view, province_code, year_from
