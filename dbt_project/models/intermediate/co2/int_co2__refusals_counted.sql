-- What a method would have counted, had the landing not refused it.
with missing as (

    select * from {{ ref('int_energy__cells_missing') }}

),

inputs as (

    select * from {{ ref('int_co2__balance_inputs_counted') }}

),

rules as (

    select * from {{ ref('int_co2__rules_resolved') }}

),

-- Once, whichever and however many rules of the method would take it.
missed as (

    select distinct
        rules.method,
        rules.account,
        missing.region_code,
        missing.year,
        missing.balance_item,
        missing.industry_code,
        missing.fuel_code,
        missing.raw_value
    from missing
    inner join rules
        on
            coalesce(missing.balance_item, rules.balance_item) = rules.balance_item
            and coalesce(missing.fuel_code, rules.fuel_code) = rules.fuel_code

),

refusals as (

    select
        region_code,
        year,
        method,
        account,
        count(*) as refused_cells
    from missed
    group by region_code, year, method, account

),

counted as (

    select
        region_code,
        year,
        method,
        account,
        count(*) as counted_cells
    from inputs
    where input_role = 'activity'
    group by region_code, year, method, account

),

final as (

    select
        refusals.region_code,
        refusals.year,
        refusals.method,
        refusals.account,
        refusals.refused_cells,
        counted.counted_cells
    from refusals
    inner join counted
        on
            refusals.region_code = counted.region_code
            and refusals.year = counted.year
            and refusals.method = counted.method
            and refusals.account = counted.account

)

select * from final
