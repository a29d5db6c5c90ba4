with energy as (

    select * from {{ ref('int_park__energy_counted') }}

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
        narrowest_boundary,
        industry_code,
        fuel_code,
        unit,
        sum(used_quantity) as used_quantity,
        sum(feedstock_used) as feedstock_used,
        sum(transformed_quantity) as transformed_quantity,
        sum(made_quantity) as made_quantity,
        sum(recovered_energy) as recovered_energy,
        sum(bought_quantity) as bought_quantity,
        sum(sold_quantity) as sold_quantity,
        sum(energy_tce) as energy_tce,
        sum(energy_gj) as energy_gj,
        sum(coal_t) as coal_t,
        sum(coal_tce) as coal_tce,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from energy
    group by park_id, year, narrowest_boundary, industry_code, fuel_code, unit

),

final as (

    select
        summed.park_id,
        summed.year,
        summed.narrowest_boundary,
        within_parks.park_id is not null as is_within_park,
        summed.industry_code,
        summed.fuel_code,
        summed.used_quantity,
        summed.feedstock_used,
        summed.transformed_quantity,
        summed.made_quantity,
        summed.recovered_energy,
        summed.bought_quantity,
        summed.sold_quantity,
        summed.unit,
        summed.energy_tce,
        summed.energy_gj,
        summed.coal_t,
        summed.coal_tce,
        {{ origin_of_rank('greatest(2, summed.origin_rank)') }} as origin,
        summed.source_id
    from summed
    left join within_parks
        on summed.park_id = within_parks.park_id and summed.year = within_parks.year

)

select * from final
order by park_id, year, narrowest_boundary, industry_code, fuel_code
