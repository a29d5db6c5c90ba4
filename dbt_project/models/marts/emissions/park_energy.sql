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
        sum(consumption_quantity) as consumption_quantity,
        sum(feedstock_quantity) as feedstock_quantity,
        sum(transformation_input_quantity) as transformation_input_quantity,
        sum(transformation_output_quantity) as transformation_output_quantity,
        sum(recovered_quantity) as recovered_quantity,
        sum(purchase_quantity) as purchase_quantity,
        sum(sales_quantity) as sales_quantity,
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
        consumption_quantity,
        feedstock_quantity,
        transformation_input_quantity,
        transformation_output_quantity,
        recovered_quantity,
        purchase_quantity,
        sales_quantity,
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
