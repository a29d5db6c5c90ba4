-- Energy use of the industry above designated size of a park, by kind of fuel. A park that returned
-- energy and no coal used none.
with energy as (

    select * from {{ ref('int_park__energy_counted') }}
    where narrowest_boundary = 'above_size_industry'

),

final as (

    select
        park_id,
        year,
        sum(energy_tce) as energy_tce,
        sum(case when fuel_group = 'coal' then coal_t else 0 end) as coal_t,
        sum(case when fuel_group = 'coal' then coal_tce else 0 end) as coal_tce,
        sum(case when fuel_code = 'coke' then coke_tce else 0 end) as coke_tce,
        sum(case when fuel_group = 'natural_gas' then energy_tce else 0 end)
            as natural_gas_tce,
        sum(case when fuel_group = 'electricity' then energy_tce else 0 end)
            as electricity_tce,
        sum(case when fuel_group = 'heat' then energy_tce else 0 end) as heat_tce,
        sum(case when fuel_code = 'raw_coal' then used_quantity else 0 end)
            as raw_coal_t,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from energy
    group by park_id, year

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year
