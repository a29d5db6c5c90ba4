-- CO2 = activity x factor, as for regions: the factor of the industry goes before the one for any
-- industry, electricity takes the grid of the park's region.
with activities as (

    select * from {{ ref('int_park__activities_counted') }}

),

parks as (

    select * from {{ ref('parks') }}

),

regions as (

    select * from {{ ref('regions') }}

),

emission_factors as (

    select * from {{ ref('emission_factors') }}

),

grid_emission_factors as (

    select * from {{ ref('grid_emission_factors') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

gwp as (

    select
        max(case when gas = 'ch4' then gwp100 end) as ch4,
        max(case when gas = 'n2o' then gwp100 end) as n2o
    from {{ ref('gwp') }}
    where gwp_set = '{{ var("gwp_set") }}'

),

fuel_factors as (

    select
        emission_factors.*,
        emission_factors.co2_t_per_unit / unit_labels.to_unit_factor as co2_t_per_quantity
    from emission_factors
    inner join unit_labels on emission_factors.unit = unit_labels.unit_label

),

matched as (

    select
        activities.*,
        coalesce(own.factor_id, any_industry.factor_id, grid.factor_id) as factor_id,
        coalesce(own.co2_t_per_quantity, any_industry.co2_t_per_quantity, grid.co2_t_per_mwh)
            as co2_t_per_quantity,
        coalesce(own.ch4_kg_per_gj, any_industry.ch4_kg_per_gj) as ch4_kg_per_gj,
        coalesce(own.n2o_kg_per_gj, any_industry.n2o_kg_per_gj) as n2o_kg_per_gj,
        {{ origin_rank('coalesce(own.origin, any_industry.origin, grid.origin)') }}
            as factor_origin_rank
    from activities
    inner join parks on activities.park_id = parks.park_id
    inner join regions on parks.region_code = regions.region_code
    left join fuel_factors as own
        on
            activities.method = own.method
            and activities.fuel_code = own.fuel_code
            and activities.industry_code = own.industry_code
            and activities.year between own.year_from and own.year_to
    left join fuel_factors as any_industry
        on
            activities.method = any_industry.method
            and activities.fuel_code = any_industry.fuel_code
            and any_industry.industry_code is null
            and activities.year between any_industry.year_from and any_industry.year_to
    left join grid_emission_factors as grid
        on
            activities.method = grid.method
            and regions.grid_name = grid.grid_name
            and activities.year between grid.year_from and grid.year_to
            and activities.fuel_code = 'electricity'

),

final as (

    select
        matched.*,
        matched.quantity * matched.co2_t_per_quantity as co2_t,
        -- Power and heat bought in carry no CH4 or N2O of their own: both factors are null there.
        matched.quantity * matched.co2_t_per_quantity
        + coalesce(
            matched.energy_gj
            * (matched.ch4_kg_per_gj * gwp.ch4 + matched.n2o_kg_per_gj * gwp.n2o)
            * {{ constant('t_per_kg') }},
            0
        ) as co2e_t
    from matched
    cross join gwp

)

select * from final
-- What is summed from it adds in this order in every run.
order by method, scope, park_id, enterprise_id, year, fuel_code
