with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

within_parks as (

    select distinct
        park_id,
        year
    from {{ ref('int_park__boundaries_nested') }}

),

summed as (

    select
        park_id,
        year,
        method,
        narrowest_boundary,
        industry_code,
        fuel_code,
        scope,
        unit,
        min(factor_id) as factor_id,
        sum(quantity) as quantity,
        sum(co2_t) as co2_t,
        sum(co2e_t) as co2e_t,
        max(greatest(origin_rank, factor_origin_rank)) as origin_rank,
        min(source_id) as source_id
    from emissions
    group by
        park_id, year, method, narrowest_boundary, industry_code, fuel_code, scope, unit

),

final as (

    select
        summed.park_id,
        summed.year,
        summed.method,
        summed.narrowest_boundary,
        within_parks.park_id is not null as is_within_park,
        summed.industry_code,
        summed.fuel_code,
        summed.scope,
        summed.quantity,
        summed.unit,
        summed.factor_id,
        summed.co2_t,
        summed.co2e_t,
        {{ origin_of_rank('greatest(2, summed.origin_rank)') }} as origin,
        summed.source_id
    from summed
    left join within_parks
        on summed.park_id = within_parks.park_id and summed.year = within_parks.year

)

select * from final
order by park_id, year, method, narrowest_boundary, industry_code, fuel_code, scope
