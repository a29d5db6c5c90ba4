with emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

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
        park_id,
        year,
        method,
        narrowest_boundary,
        industry_code,
        fuel_code,
        scope,
        quantity,
        unit,
        factor_id,
        co2_t,
        co2e_t,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin,
        source_id
    from summed

)

select * from final
order by park_id, year, method, narrowest_boundary, industry_code, fuel_code, scope
