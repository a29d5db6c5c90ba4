-- CO2 of enterprises month by month, as far as they return it so; a return of the whole year has no
-- month.
with cells as (

    select * from {{ ref('int_park__cells_returned') }}

),

inputs as (

    select * from {{ ref('int_co2__return_inputs_counted') }}

),

emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

final as (

    select
        inputs.park_id,
        inputs.enterprise_id,
        inputs.method,
        inputs.year,
        cells.month,
        sum(inputs.weight * cells.quantity * emissions.co2_t_per_quantity) as co2_t,
        max(greatest(emissions.origin_rank, emissions.factor_origin_rank)) as origin_rank
    from inputs
    inner join cells
        on
            inputs.list_park_id = cells.park_id
            and inputs.list_enterprise_id = cells.enterprise_id
            and inputs.year = cells.year
            and inputs.fuel_code = cells.fuel_code
            and inputs.input_flow = cells.flow
    inner join emissions
        on
            inputs.method = emissions.method
            and inputs.scope = emissions.scope
            and inputs.park_id = emissions.park_id
            and inputs.enterprise_id = emissions.enterprise_id
            and inputs.year = emissions.year
            and inputs.fuel_code = emissions.fuel_code
    group by
        inputs.park_id, inputs.enterprise_id, inputs.method, inputs.year, cells.month

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, method, year, month, enterprise_id
