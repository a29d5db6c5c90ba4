{% set groups = ['coal', 'oil', 'gas', 'other'] %}

-- The report's Kaya identity of industry: CO2 = value added x energy per value added x the sum over
-- fuel groups of share x CO2 per energy; at current prices, as the report has it. A method with
-- known factors is the report's: energy and CO2 with what industry buys, and a factor of other
-- energy that is what the known ones leave of the total. Elsewhere each group has its own factor.
with energy as (

    select * from {{ ref('int_drivers__energy_grouped') }}
    where identity = 'industry' and kaya_group <> 'electricity'

),

net_use as (

    select * from {{ ref('int_drivers__net_use_grouped') }}

),

known_factors as (

    select
        method,
        kaya_group,
        co2_t_per_unit / tce_per_unit as co2_t_per_tce
    from {{ ref('kaya_known_factors') }}

),

economy as (

    select * from {{ ref('int_economy__values_compared') }}
    where indicator = 'industrial_value_added' and value_10k_cny is not null

),

united as (

    select
        energy.region_code,
        energy.method,
        energy.year,
        energy.kaya_group,
        energy.energy_tce,
        energy.co2_t,
        cast(null as double) as known_co2_t,
        false as has_known_factors,
        energy.origin_rank
    from energy
    where energy.method not in (select known_factors.method from known_factors)
    union all
    select
        net_use.region_code,
        net_use.method,
        net_use.year,
        net_use.kaya_group,
        net_use.energy_tce,
        net_use.co2_t,
        net_use.energy_tce * known_factors.co2_t_per_tce as known_co2_t,
        true as has_known_factors,
        net_use.origin_rank
    from net_use
    left join known_factors
        on
            net_use.method = known_factors.method
            and net_use.kaya_group = known_factors.kaya_group

),

wide as (

    select
        region_code,
        method,
        year,
        has_known_factors,
        {% for group in groups %}
            sum(case when kaya_group = '{{ group }}' then energy_tce else 0 end)
                as {{ group }}_energy_tce,
            sum(case when kaya_group = '{{ group }}' then coalesce(known_co2_t, co2_t) else 0 end)
                as {{ group }}_co2_t,
        {% endfor %}
        sum(known_co2_t) as known_co2_t,
        sum(energy_tce) as energy_tce,
        sum(co2_t) as co2_t,
        max(origin_rank) as origin_rank
    from united
    group by region_code, method, year, has_known_factors

),

final as (

    select
        wide.region_code,
        wide.method,
        wide.year,
        economy.value_10k_cny as industrial_value_added_10k_cny,
        wide.energy_tce,
        wide.energy_tce / nullif(economy.value_10k_cny, 0) as energy_tce_per_10k_cny,
        economy.constant_10k_cny as industrial_value_added_constant_10k_cny,
        economy.series_key,
        {% for group in groups %}
            wide.{{ group }}_energy_tce / nullif(wide.energy_tce, 0) as {{ group }}_share,
            {% if group == 'other' %}
                case
                    when wide.has_known_factors then wide.co2_t - wide.known_co2_t
                    else wide.other_co2_t
                end
            {% else %}
                wide.{{ group }}_co2_t
            {% endif %}
            / nullif(wide.{{ group }}_energy_tce, 0) as {{ group }}_co2_t_per_tce,
        {% endfor %}
        wide.co2_t,
        wide.co2_t / nullif(wide.energy_tce, 0) as co2_t_per_tce,
        greatest(wide.origin_rank, economy.printed_origin_rank, 2) as origin_rank
    from wide
    inner join economy on wide.region_code = economy.region_code and wide.year = economy.year

)

select * from final
