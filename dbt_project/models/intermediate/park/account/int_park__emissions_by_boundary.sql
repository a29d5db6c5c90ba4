-- CO2 of a park inside each boundary its returns cover: a unit belongs to its narrowest boundary
-- and to every wider one. The widest is what the registry says of it, else the widest of the units
-- that returned anything.
with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

flows as (

    select * from {{ ref('int_park__flows_standardised') }}

),

registry as (

    {{ latest_edition(ref('stg_park_returns__parks'), ['park_id']) | indent }}

),

boundaries as (

    select * from {{ ref('boundaries') }}

),

returned as (

    select
        flows.park_id,
        flows.year,
        max(boundaries.width) as width
    from flows
    inner join boundaries on flows.narrowest_boundary = boundaries.boundary
    group by flows.park_id, flows.year

),

coverage as (

    select
        returned.park_id,
        returned.year,
        coalesce(registry.returns_boundary, boundaries.boundary) as widest_boundary
    from returned
    inner join boundaries on returned.width = boundaries.width
    left join registry on returned.park_id = registry.park_id

),

placed as (

    select
        emissions.*,
        boundaries.width
    from emissions
    inner join boundaries on emissions.narrowest_boundary = boundaries.boundary

),

covered as (

    select
        coverage.park_id,
        coverage.year,
        inner_boundaries.boundary,
        inner_boundaries.width,
        inner_boundaries.boundary = coverage.widest_boundary as is_widest
    from coverage
    inner join boundaries as widest on coverage.widest_boundary = widest.boundary
    inner join boundaries as inner_boundaries on widest.width >= inner_boundaries.width

),

final as (

    select
        covered.park_id,
        covered.year,
        placed.method,
        covered.boundary,
        covered.is_widest,
        sum(placed.co2_t) as co2_t,
        sum(placed.co2e_t) as co2e_t,
        sum(case when placed.is_coal then placed.co2_t end) as coal_co2_t,
        max(greatest(placed.origin_rank, placed.factor_origin_rank)) as origin_rank
    from covered
    inner join placed
        on
            covered.park_id = placed.park_id
            and covered.year = placed.year
            and (covered.width >= placed.width or covered.is_widest)
    group by covered.park_id, covered.year, placed.method, covered.boundary, covered.is_widest

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year, method, boundary
