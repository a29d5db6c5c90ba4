-- Energy and CO2 of industry with what it buys: final use of its divisions, plus the fuel for power
-- and heat, less the power and heat made of it. Gas recovered from coke is energy already counted.
-- Electricity takes the grid factor of the method, heat the factor for heat.
with series as (

    select * from {{ ref('int_energy__series_standardised') }}
    where is_latest_vintage and quantity is not null

),

balance_items as (

    select * from {{ ref('balance_items') }}

),

industries as (

    select * from {{ ref('industries') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

kaya_fuel_groups as (

    select * from {{ ref('kaya_fuel_groups') }}

),

kaya_known_factors as (

    select distinct method from {{ ref('kaya_known_factors') }}

),

emission_factors as (

    select * from {{ ref('emission_factors') }}
    where industry_code is null

),

grid_emission_factors as (

    select * from {{ ref('grid_emission_factors') }}

),

regions as (

    select * from {{ ref('regions') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

-- Power and heat are made by division 44, in rows of their own.
industrial as (

    select
        series.region_code,
        series.year,
        series.fuel_code,
        series.quantity,
        case when not fuels.is_recovered then series.energy_tce end as energy_tce,
        case
            when kaya_fuel_groups.kaya_group = 'electricity' then 'other'
            else kaya_fuel_groups.kaya_group
        end as kaya_group,
        series.origin_rank
    from series
    inner join balance_items on series.balance_item = balance_items.balance_item
    inner join industries on series.industry_code = industries.industry_code
    inner join fuels on series.fuel_code = fuels.fuel_code
    inner join kaya_fuel_groups on fuels.fuel_group = kaya_fuel_groups.fuel_group
    where
        (series.balance_item = 'final_consumption' and industries.is_industrial)
        or (balance_items.block = 'transformation' and series.industry_code = '44')

),

priced as (

    select
        kaya_known_factors.method,
        industrial.region_code,
        industrial.year,
        industrial.kaya_group,
        industrial.energy_tce,
        industrial.quantity * case
            when industrial.fuel_code = 'electricity' then grid_emission_factors.co2_t_per_mwh
            else emission_factors.co2_t_per_unit / unit_labels.to_unit_factor
        end as co2_t,
        greatest(
            industrial.origin_rank,
            case
                when emission_factors.origin is null then 1
                else {{ origin_rank('emission_factors.origin') }}
            end
        ) as origin_rank
    from industrial
    cross join kaya_known_factors
    inner join regions on industrial.region_code = regions.region_code
    left join emission_factors
        on
            kaya_known_factors.method = emission_factors.method
            and industrial.fuel_code = emission_factors.fuel_code
            and industrial.year between emission_factors.year_from and emission_factors.year_to
    left join unit_labels on emission_factors.unit = unit_labels.unit_label
    left join grid_emission_factors
        on
            kaya_known_factors.method = grid_emission_factors.method
            and regions.grid_name = grid_emission_factors.grid_name
            and industrial.year between grid_emission_factors.year_from
            and grid_emission_factors.year_to

),

final as (

    select
        method,
        region_code,
        year,
        kaya_group,
        sum(energy_tce) as energy_tce,
        sum(co2_t) as co2_t,
        max(origin_rank) as origin_rank
    from priced
    group by method, region_code, year, kaya_group

)

select * from final
