{% set groups = ['coal', 'oil', 'gas'] %}

with energy as (

    select * from {{ ref('int_energy__totals_summed') }}
    where boundary = 'industry'

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

refusals as (

    select * from {{ ref('int_co2__refusals_counted') }}

),

co2 as (

    select
        emissions.region_code,
        emissions.year,
        emissions.method,
        sum(case when emissions.scope = '1' then emissions.co2_t end) as direct_co2_t,
        sum(case when emissions.scope = '2' then emissions.co2_t end) as net_purchased_co2_t,
        sum(emissions.co2_t) as co2_t,
        max(emissions.grid_factor_year) as grid_factor_year,
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
        energy.energy_tce as industrial_energy_tce,
        energy.energy_convention,
        energy.energy_tce / nullif(economy.value_10k_cny, 0) as energy_tce_per_industrial_va,
        {% for group in groups %}
            energy.{{ group }}_energy_tce / nullif(energy.energy_tce, 0) as {{ group }}_share,
        {% endfor %}
        1 - (
            {% for group in groups %}
                energy.{{ group }}_energy_tce{% if not loop.last %} + {% endif %}
            {% endfor %}
        ) / nullif(energy.energy_tce, 0) as other_share,
        co2.direct_co2_t,
        co2.net_purchased_co2_t,
        co2.co2_t as direct_and_purchased_co2_t,
        co2.grid_factor_year,
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
