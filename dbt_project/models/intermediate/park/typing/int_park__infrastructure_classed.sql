-- Whether power and heat are made in the park: by a division of its own, by a central plant of
-- another division, or not at all.
with parks as (

    select * from {{ ref('parks') }}

),

flows as (

    select * from {{ ref('int_park__flows_standardised') }}
    where industry_code = '44'

),

suppliers as (

    select distinct
        park_id,
        year
    from flows

),

years as (

    select distinct
        park_id,
        year
    from {{ ref('int_park__flows_standardised') }}

),

final as (

    select
        years.park_id,
        years.year,
        case
            when suppliers.park_id is not null or parks.energy_infrastructure_answer = 'yes'
                then true
            when parks.energy_infrastructure_answer = 'no' then false
        end as has_energy_infrastructure,
        case
            when suppliers.park_id is not null then 'power_and_heat_industry'
            when parks.energy_infrastructure_answer = 'yes' then 'central_plant'
            when parks.energy_infrastructure_answer = 'no' then 'none'
        end as infrastructure_class
    from years
    inner join parks on years.park_id = parks.park_id
    left join suppliers on years.park_id = suppliers.park_id and years.year = suppliers.year

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year
