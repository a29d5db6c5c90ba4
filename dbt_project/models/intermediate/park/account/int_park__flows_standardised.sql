-- Every quantity of the energy returns by year, in the unit of the fuel.
with cells as (

    select * from {{ ref('int_park__cells_returned') }}

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

final as (

    select
        years.park_id,
        years.enterprise_id,
        years.year,
        years.fuel_code,
        years.flow,
        units.industry_code,
        units.is_aggregate,
        units.narrowest_boundary,
        years.unit,
        years.quantity,
        years.quantity * tce_coefficients.tce_per_unit as energy_tce,
        years.quantity * tce_coefficients.tce_per_unit * {{ constant('gj_per_tce') }} as energy_gj,
        greatest(years.origin_rank, units.origin_rank) as origin_rank,
        years.source_id,
        years.vintage
    from years
    inner join units
        on years.park_id = units.park_id and years.enterprise_id = units.enterprise_id
    left join tce_coefficients on years.fuel_code = tce_coefficients.fuel_code

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, enterprise_id, year, fuel_code, flow
