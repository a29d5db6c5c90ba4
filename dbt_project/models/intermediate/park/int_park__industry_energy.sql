-- Energy use of the industry above designated size of a park, by kind of fuel.
with energy as (

    select * from {{ ref('int_park__energy_counted') }}
    where narrowest_boundary = 'above_size_industry'

),

final as (

    select
        park_id,
        year,
        sum(energy_tce) as energy_tce,
        sum(coal_t) as coal_t,
        sum(coal_tce) as coal_tce,
        sum(coke_tce) as coke_tce,
        sum(case when fuel_group = 'natural_gas' then energy_tce end) as natural_gas_tce,
        sum(case when fuel_group = 'electricity' then energy_tce end) as electricity_tce,
        sum(case when fuel_group = 'heat' then energy_tce end) as heat_tce,
        sum(case when fuel_code = 'raw_coal' then consumption_quantity end) as raw_coal_t,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from energy
    group by park_id, year

)

select * from final
