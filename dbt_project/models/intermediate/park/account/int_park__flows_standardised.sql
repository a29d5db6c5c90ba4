-- Every quantity of the energy returns by year, in the unit of the fuel, in each park that the
-- enterprise is a member of, by its share.
with cells as (

    select * from {{ ref('int_park__cells_returned') }}

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

units as (

    select * from {{ ref('int_park__units') }}

),

tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}
    where tce_set = '{{ var("tce_set") }}'

),

years as (

    select
        park_id,
        enterprise_id,
        year,
        fuel_code,
        flow,
        unit,
        sum(quantity) as quantity,
        max({{ origin_rank('origin') }}) as origin_rank,
        min(source_id) as source_id,
        max(vintage) as vintage
    from cells
    group by park_id, enterprise_id, year, fuel_code, flow, unit

),

placed as (

    select
        members.park_id,
        members.enterprise_id,
        members.list_park_id,
        members.list_enterprise_id,
        members.member_share,
        years.year,
        years.fuel_code,
        years.flow,
        years.unit,
        years.quantity * members.member_share as quantity,
        years.origin_rank,
        years.source_id,
        years.vintage
    from years
    inner join members
        on
            years.park_id = members.list_park_id
            and years.enterprise_id = members.list_enterprise_id
            and years.year = members.year

),

final as (

    select
        placed.park_id,
        placed.enterprise_id,
        placed.list_park_id,
        placed.list_enterprise_id,
        placed.member_share,
        placed.year,
        placed.fuel_code,
        placed.flow,
        units.industry_code,
        units.is_aggregate,
        units.narrowest_boundary,
        placed.unit,
        placed.quantity,
        placed.quantity * tce_coefficients.tce_per_unit as energy_tce,
        placed.quantity * tce_coefficients.tce_per_unit * {{ constant('gj_per_tce') }} as energy_gj,
        greatest(placed.origin_rank, units.origin_rank) as origin_rank,
        placed.source_id,
        placed.vintage
    from placed
    inner join units
        on placed.park_id = units.park_id and placed.enterprise_id = units.enterprise_id
    left join tce_coefficients on placed.fuel_code = tce_coefficients.fuel_code

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, enterprise_id, year, fuel_code, flow
