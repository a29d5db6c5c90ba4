-- What each enterprise adds to the energy and the CO2 of its park, by fuel. Parks within parks are
-- left out: the park around them less the park inside would give their neighbours away.
with energy as (

    select * from {{ ref('int_park__energy_counted') }}

),

emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park' and method = '{{ var("default_method") }}'

),

within_parks as (

    select distinct
        park_id,
        year
    from {{ ref('int_park__boundaries_nested') }}

),

united as (

    select
        park_id,
        year,
        industry_code,
        enterprise_id,
        fuel_code,
        energy_tce,
        cast(null as {{ type_name('double') }}) as co2_t,
        origin_rank
    from energy
    union all
    select
        park_id,
        year,
        industry_code,
        enterprise_id,
        fuel_code,
        cast(null as {{ type_name('double') }}) as energy_tce,
        co2_t,
        greatest(origin_rank, factor_origin_rank) as origin_rank
    from emissions

),

final as (

    select
        united.park_id,
        united.year,
        united.industry_code,
        united.enterprise_id,
        united.fuel_code,
        sum(united.energy_tce) as energy_tce,
        sum(united.co2_t) as co2_t,
        max(united.origin_rank) as origin_rank
    from united
    left join within_parks
        on united.park_id = within_parks.park_id and united.year = within_parks.year
    where within_parks.park_id is null
    group by
        united.park_id, united.year, united.industry_code, united.enterprise_id, united.fuel_code

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year, industry_code, enterprise_id, fuel_code
