-- The grid factor of each region and method: that of the grid in which the notice of the factor's
-- data year puts the region. Beside it the one in force in the base year of prices, by which
-- decompositions tell a change of factors from other changes.
with grid_emission_factors as (

    select * from {{ ref('grid_emission_factors') }}
    where method <> 'published'

),

region_grids as (

    select * from {{ ref('region_grids') }}

),

placed as (

    select
        region_grids.region_code,
        grid_emission_factors.*
    from grid_emission_factors
    inner join region_grids
        on
            grid_emission_factors.grid_name = region_grids.grid_name
            and grid_emission_factors.year >= region_grids.year_from
            and grid_emission_factors.year <= region_grids.year_to

),

final as (

    select
        placed.region_code,
        placed.method,
        placed.year_from,
        placed.year_to,
        placed.factor_id,
        placed.grid_name,
        placed.year as grid_factor_year,
        placed.co2_t_per_mwh,
        coalesce(bases.co2_t_per_mwh, placed.co2_t_per_mwh) as base_co2_t_per_mwh,
        placed.origin
    from placed
    left join placed as bases
        on
            placed.region_code = bases.region_code
            and placed.method = bases.method
            and bases.year_from <= {{ var('price_base_year') }}
            and bases.year_to >= {{ var('price_base_year') }}

)

select * from final
