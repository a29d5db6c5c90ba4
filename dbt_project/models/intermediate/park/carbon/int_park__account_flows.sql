-- Every quantity of the energy returns by year and boundary, raw coal by its kind, with what power
-- and heat burn as a flow of its own.
with cells as (

    select * from {{ ref('int_park__cells_returned') }}

),

units as (

    select * from {{ ref('int_park__units') }}

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

years as (

    select
        park_id,
        enterprise_id,
        year,
        fuel_code,
        coal_kind,
        flow,
        unit,
        sum(quantity) as quantity,
        max({{ origin_rank('origin') }}) as origin_rank,
        min(source_id) as source_id
    from cells
    group by park_id, enterprise_id, year, fuel_code, coal_kind, flow, unit

),

described as (

    select
        years.*,
        units.industry_code
    from years
    inner join units
        on years.park_id = units.park_id and years.enterprise_id = units.enterprise_id

),

burnt as (

    {{ burnt_inputs('described', ['park_id', 'enterprise_id', 'year', 'fuel_code', 'coal_kind']) }}

),

united as (

    select
        *,
        false as has_detail,
        flow as rule_flow
    from described
    union all
    select * from burnt

),

final as (

    select
        members.park_id,
        members.enterprise_id,
        united.year,
        united.fuel_code,
        united.coal_kind,
        united.rule_flow as flow,
        united.flow as returned_flow,
        united.industry_code,
        united.unit,
        united.quantity * members.member_share as quantity,
        united.origin_rank,
        united.source_id
    from united
    inner join members
        on
            united.park_id = members.list_park_id
            and united.enterprise_id = members.list_enterprise_id
            and united.year = members.year

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, enterprise_id, year, fuel_code, coal_kind, flow, returned_flow
