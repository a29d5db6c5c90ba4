-- How much of the electricity and heat bought in a park comes from outside it: purchases less what
-- the park's own plants sell, never below nothing. The plants' fuel is counted where it is burnt.
with flows as (

    select * from {{ ref('int_park__flows_standardised') }}

),

fuels as (

    select * from {{ ref('fuels') }}
    where fuel_group in ('electricity', 'heat')

),

sums as (

    select
        flows.park_id,
        flows.year,
        flows.fuel_code,
        sum(case when flows.flow = 'purchase' then flows.quantity end) as bought_quantity,
        sum(case when flows.flow = 'sales' then flows.quantity end) as sold_quantity
    from flows
    inner join fuels on flows.fuel_code = fuels.fuel_code
    group by flows.park_id, flows.year, flows.fuel_code

),

final as (

    select
        park_id,
        year,
        fuel_code,
        bought_quantity,
        sold_quantity,
        case
            when sold_quantity is null then 1
            -- Of nothing bought, nothing comes from outside.
            when bought_quantity = 0 then 0
            else greatest(bought_quantity - sold_quantity, 0) / bought_quantity
        end as outside_share
    from sums
    where bought_quantity is not null

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year, fuel_code
