{% set groups = ['coal', 'oil', 'gas'] %}

-- The one energy_tce of a region, and of its industry, whatever the method: what it uses of all
-- carriers. Gas recovered from coke and coal is energy already counted with them. Of industry, the
-- power and heat are net: their fuel is added, what is made of it taken off.
with series as (

    select * from {{ ref('int_energy__series_standardised') }}
    where is_latest_vintage

),

industries as (

    select * from {{ ref('industries') }}

),

fuels as (

    select * from {{ ref('fuels') }}
    where not is_recovered

),

kaya_fuel_groups as (

    select * from {{ ref('kaya_fuel_groups') }}

),

bounded as (

    select
        'region' as boundary,
        region_code,
        year,
        fuel_code,
        energy_tce,
        origin_rank
    from series
    where balance_item = 'total_consumption'
    union all
    select
        'industry' as boundary,
        series.region_code,
        series.year,
        series.fuel_code,
        series.energy_tce,
        series.origin_rank
    from series
    inner join industries on series.industry_code = industries.industry_code
    where
        industries.is_industrial
        and series.balance_item in ('final_consumption', 'thermal_power', 'heating_supply')

),

final as (

    select
        bounded.boundary,
        bounded.region_code,
        bounded.year,
        'calorific' as energy_convention,
        {% for group in groups %}
            sum(
                case
                    when kaya_fuel_groups.kaya_group = '{{ group }}' then bounded.energy_tce
                    else 0
                end
            ) as {{ group }}_energy_tce,
        {% endfor %}
        sum(bounded.energy_tce) as energy_tce,
        max(bounded.origin_rank) as origin_rank
    from bounded
    inner join fuels on bounded.fuel_code = fuels.fuel_code
    left join kaya_fuel_groups on fuels.fuel_group = kaya_fuel_groups.fuel_group
    group by bounded.boundary, bounded.region_code, bounded.year

)

select * from final
