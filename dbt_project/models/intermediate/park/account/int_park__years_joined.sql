-- Every figure of a park, year and method beside the boundary it holds for.
with emissions as (

    select * from {{ ref('int_park__emissions_by_boundary') }}

),

industry_energy as (

    select * from {{ ref('int_park__industry_energy') }}

),

facts as (

    select * from {{ ref('int_park__facts_latest') }}

),

boundaries as (

    select * from {{ ref('boundaries') }}

),

widest as (

    select * from emissions
    where is_widest

),

above_size as (

    select * from emissions
    where boundary = 'above_size_industry'

),

-- Product is given for the widest boundary that has one.
products as (

    select
        facts.park_id,
        facts.year,
        facts.gdp_10k_cny,
        facts.price_basis,
        facts.boundary as gdp_boundary,
        facts.origin_rank,
        row_number() over (
            partition by facts.park_id, facts.year order by boundaries.width desc
        ) as width_rank
    from facts
    inner join boundaries on facts.boundary = boundaries.boundary
    where facts.gdp_10k_cny is not null

),

industry_facts as (

    select * from facts
    where boundary = 'above_size_industry'

),

final as (

    select
        widest.park_id,
        widest.year,
        widest.method,
        products.gdp_10k_cny,
        products.gdp_boundary,
        products.price_basis,
        industry_facts.industrial_value_added_10k_cny,
        industry_facts.industrial_output_10k_cny,
        industry_facts.two_high_output_10k_cny,
        industry_energy.energy_tce,
        industry_energy.coal_t,
        industry_energy.coal_tce,
        industry_energy.coke_tce,
        widest.co2_t,
        widest.co2e_t,
        widest.coal_co2_t,
        widest.boundary as co2_boundary,
        above_size.co2_t as above_size_co2_t,
        greatest(
            widest.origin_rank,
            coalesce(products.origin_rank, widest.origin_rank),
            coalesce(industry_facts.origin_rank, widest.origin_rank)
        ) as origin_rank
    from widest
    left join above_size
        on
            widest.park_id = above_size.park_id
            and widest.year = above_size.year
            and widest.method = above_size.method
    left join industry_energy
        on widest.park_id = industry_energy.park_id and widest.year = industry_energy.year
    left join products
        on
            widest.park_id = products.park_id
            and widest.year = products.year
            and products.width_rank = 1
    left join industry_facts
        on widest.park_id = industry_facts.park_id and widest.year = industry_facts.year

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year, method
