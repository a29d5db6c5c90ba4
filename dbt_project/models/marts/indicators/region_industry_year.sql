{% set kinds = {'coal': 'coal', 'oil': 'oil', 'natural_gas': 'gas'} %}

with series as (

    select * from {{ ref('int_energy__series_standardised') }}
    where
        is_latest_vintage
        and balance_item in ('final_consumption', 'thermal_power', 'heating_supply')

),

emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'industry_net'

),

economy as (

    select * from {{ ref('int_economy__series_united') }}
    where
        is_latest_vintage
        and indicator = 'industrial_value_added'
        and value_10k_cny is not null

),

industries as (

    select * from {{ ref('industries') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

refusals as (

    select * from {{ ref('int_co2__refusals_counted') }}

),

-- Fuels of industry and of power and heat, less the power and heat made of them.
energy as (

    select
        series.region_code,
        series.year,
        {% for fuel_group, kind in kinds.items() %}
            sum(case when fuels.fuel_group = '{{ fuel_group }}' then series.energy_tce else 0 end)
                as {{ kind }}_energy_tce,
        {% endfor %}
        sum(series.energy_tce) as energy_tce,
        max(series.origin_rank) as origin_rank
    from series
    inner join industries on series.industry_code = industries.industry_code
    inner join fuels on series.fuel_code = fuels.fuel_code
    where industries.is_industrial and not fuels.is_recovered
    group by series.region_code, series.year

),

co2 as (

    select
        emissions.region_code,
        emissions.year,
        emissions.method,
        sum(case when emissions.scope = '1' then emissions.co2_t end) as direct_co2_t,
        sum(case when emissions.scope = '2' then emissions.co2_t end) as net_purchased_co2_t,
        sum(emissions.co2_t) as co2_t,
        max(greatest(2, emissions.origin_rank, emissions.factor_origin_rank)) as origin_rank
    from emissions
    inner join industries on emissions.industry_code = industries.industry_code
    where industries.is_industrial
    group by emissions.region_code, emissions.year, emissions.method

),

final as (

    select
        co2.region_code,
        co2.year,
        co2.method,
        economy.value_10k_cny as industrial_value_added_10k_cny,
        case when economy.value_10k_cny is not null then 'current' end as price_basis,
        energy.energy_tce,
        energy.energy_tce / nullif(economy.value_10k_cny, 0) as energy_tce_per_10k_cny,
        {% for kind in kinds.values() %}
            energy.{{ kind }}_energy_tce / nullif(energy.energy_tce, 0) as {{ kind }}_share,
        {% endfor %}
        1 - (
            {% for kind in kinds.values() %}
                energy.{{ kind }}_energy_tce{% if not loop.last %} + {% endif %}
            {% endfor %}
        ) / nullif(energy.energy_tce, 0) as other_share,
        co2.direct_co2_t,
        co2.net_purchased_co2_t,
        co2.co2_t,
        co2.co2_t / nullif(energy.energy_tce, 0) as co2_t_per_tce,
        refusals.region_code is null as is_complete,
        {{ origin_of_rank(
            'greatest(co2.origin_rank, energy.origin_rank, coalesce('
            ~ origin_rank('economy.origin') ~ ', 2))'
        ) }} as origin
    from co2
    inner join energy on co2.region_code = energy.region_code and co2.year = energy.year
    left join economy on co2.region_code = economy.region_code and co2.year = economy.year
    left join refusals
        on
            co2.region_code = refusals.region_code
            and co2.year = refusals.year
            and co2.method = refusals.method
            and refusals.account = 'industry_net'

)

select * from final
order by region_code, year, method
