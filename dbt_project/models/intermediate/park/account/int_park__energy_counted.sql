-- Energy use of each unit by fuel: consumption less what transformation yielded and what was
-- recovered; with the quantities it is made of.
with flows as (

    select * from {{ ref('int_park__flows_standardised') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

park_energy_flows as (

    select * from {{ ref('park_energy_flows') }}

),

weighted as (

    select
        flows.*,
        park_energy_flows.weight * flows.energy_tce as counted_energy_tce,
        park_energy_flows.weight * flows.energy_gj as counted_energy_gj
    from flows
    left join park_energy_flows on flows.flow = park_energy_flows.flow

),

summed as (

    select
        park_id,
        enterprise_id,
        year,
        fuel_code,
        industry_code,
        is_aggregate,
        narrowest_boundary,
        unit,
        max(case when flow = 'consumption' then quantity end) as used_quantity,
        max(case when flow = 'consumption' then energy_tce end) as consumption_tce,
        max(case when flow = 'feedstock' then quantity end) as feedstock_used,
        max(case when flow = 'transformation_input' then quantity end)
            as transformed_quantity,
        max(case when flow = 'transformation_output' then quantity end)
            as made_quantity,
        max(case when flow = 'recovered' then quantity end) as recovered_energy,
        max(case when flow = 'purchase' then quantity end) as bought_quantity,
        max(case when flow = 'sales' then quantity end) as sold_quantity,
        sum(counted_energy_tce) as energy_tce,
        sum(counted_energy_gj) as energy_gj,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from weighted
    group by
        park_id, enterprise_id, year, fuel_code, industry_code, is_aggregate, narrowest_boundary,
        unit

),

final as (

    select
        summed.*,
        fuels.fuel_group,
        case when fuels.fuel_group = 'coal' then summed.used_quantity end as coal_t,
        case when fuels.fuel_group = 'coal' then summed.consumption_tce end as coal_tce,
        case when fuels.fuel_code = 'coke' then summed.consumption_tce end as coke_tce
    from summed
    inner join fuels on summed.fuel_code = fuels.fuel_code

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, enterprise_id, year, fuel_code
