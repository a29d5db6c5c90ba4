with energy as (

    select * from {{ ref('int_park__energy_counted') }}

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
        park_id,
        year,
        narrowest_boundary,
        industry_code,
        fuel_code,
        used_quantity,
        feedstock_used,
        transformed_quantity,
        made_quantity,
        recovered_energy,
        bought_quantity,
        sold_quantity,
        unit,
        energy_tce,
        energy_gj,
        coal_t,
        coal_tce,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin,
        source_id
    from summed

)

select * from final
order by park_id, year, narrowest_boundary, industry_code, fuel_code
