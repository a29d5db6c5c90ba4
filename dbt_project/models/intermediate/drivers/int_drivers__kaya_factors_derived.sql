{% set groups = ['coal', 'oil', 'gas', 'other'] %}

-- The report's Kaya identity of industry: CO2 = value added x energy per value added x the sum over
-- fuel groups of share x CO2 per energy; at current prices, as the report has it. Energy is that of
-- industry with what it buys, the same for every method, and so is what CO2 covers. A method with
-- known factors is the report's: its factor of other energy is what the known ones leave of the
-- total. Elsewhere each group has its own factor.
with energy as (

    select
        region_code,
        year,
        energy_convention,
        coal_energy_tce,
        oil_energy_tce,
        gas_energy_tce,
        energy_tce - coal_energy_tce - oil_energy_tce - gas_energy_tce as other_energy_tce,
        energy_tce,
        origin_rank
    from {{ ref('int_energy__totals_summed') }}
    where boundary = 'industry'

),

emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'industry_net'

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

known_factors as (

    select
        {% for group in groups %}
            max(case when kaya_group = '{{ group }}' then co2_t_per_unit / tce_per_unit end)
                as {{ group }}_co2_t_per_tce,
        {% endfor %}
        method
    from {{ ref('kaya_known_factors') }}
    group by method

),

economy as (

    select * from {{ ref('int_economy__values_compared') }}
    where indicator = 'industrial_value_added' and value_10k_cny is not null

),

co2 as (

    select
        emissions.region_code,
        emissions.method,
        emissions.year,
        {% for group in groups[:-1] %}
            sum(
                case
                    when kaya_fuel_groups.kaya_group = '{{ group }}' then emissions.co2_t
                    else 0
                end
            ) as {{ group }}_co2_t,
        {% endfor %}
        sum(emissions.co2_t) as co2_t,
        max(emissions.grid_factor_year) as grid_factor_year,
        max(greatest(emissions.origin_rank, emissions.factor_origin_rank)) as origin_rank
    from emissions
    inner join industries on emissions.industry_code = industries.industry_code
    inner join fuels on emissions.fuel_code = fuels.fuel_code
    inner join kaya_fuel_groups on fuels.fuel_group = kaya_fuel_groups.fuel_group
    where industries.is_industrial
    group by emissions.region_code, emissions.method, emissions.year

),

valued as (

    select
        co2.region_code,
        co2.method,
        co2.year,
        {% for group in groups[:-1] %}
            case
                when known_factors.method is null then co2.{{ group }}_co2_t
                else energy.{{ group }}_energy_tce * known_factors.{{ group }}_co2_t_per_tce
            end as {{ group }}_co2_t,
        {% endfor %}
        co2.co2_t,
        co2.grid_factor_year,
        greatest(energy.origin_rank, co2.origin_rank) as origin_rank
    from co2
    inner join energy on co2.region_code = energy.region_code and co2.year = energy.year
    left join known_factors on co2.method = known_factors.method

),

final as (

    select
        valued.region_code,
        valued.method,
        valued.year,
        economy.value_10k_cny as industrial_value_added_10k_cny,
        energy.energy_tce,
        energy.energy_tce / nullif(economy.value_10k_cny, 0) as energy_tce_per_industrial_va,
        economy.constant_10k_cny as industrial_value_added_constant_10k_cny,
        economy.series_key,
        {% for group in groups %}
            energy.{{ group }}_energy_tce / nullif(energy.energy_tce, 0) as {{ group }}_share,
            {% if group == 'other' %}
                (valued.co2_t - valued.coal_co2_t - valued.oil_co2_t - valued.gas_co2_t)
            {% else %}
                valued.{{ group }}_co2_t
            {% endif %}
            / nullif(energy.{{ group }}_energy_tce, 0) as {{ group }}_co2_t_per_tce,
        {% endfor %}
        valued.co2_t,
        valued.co2_t / nullif(energy.energy_tce, 0) as co2_t_per_tce,
        energy.energy_convention,
        valued.grid_factor_year,
        greatest(valued.origin_rank, economy.printed_origin_rank, 2) as origin_rank
    from valued
    inner join energy on valued.region_code = energy.region_code and valued.year = energy.year
    inner join economy on valued.region_code = economy.region_code and valued.year = economy.year

)

select * from final
