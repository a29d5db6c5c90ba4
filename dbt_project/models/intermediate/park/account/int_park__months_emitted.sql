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

-- Added in a fixed order, whatever order the inputs are joined in.
parts as (

    select
        inputs.park_id,
        inputs.enterprise_id,
        inputs.method,
        inputs.year,
        cells.month,
        inputs.weight * cells.quantity * emissions.co2_t_per_quantity as co2_t,
        greatest(emissions.origin_rank, emissions.factor_origin_rank) as origin_rank
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
    order by
        inputs.park_id, inputs.enterprise_id, inputs.method, inputs.year, cells.month,
        inputs.fuel_code, inputs.scope, inputs.input_flow

),

final as (

    select
        park_id,
        enterprise_id,
        method,
        year,
        month,
        sum(co2_t) as co2_t,
        max(origin_rank) as origin_rank
    from parts
    group by park_id, enterprise_id, method, year, month

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, method, year, month, enterprise_id
