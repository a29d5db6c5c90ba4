-- The report's Kaya identity of industry: CO2 = value added x energy per value added x the sum over
-- fuel groups of share x CO2 per energy; at current prices, as the report has it.
with energy as (

    select * from {{ ref('int_drivers__energy_grouped') }}
    where identity = 'industry'

),

economy as (

    select * from {{ ref('int_economy__series_united') }}
    where
        is_latest_vintage
        and indicator = 'industrial_value_added'
        and value_10k_cny is not null

),

-- Electricity is no fuel of the identity; what industry buys is none of its direct CO2.
wide as (

    select
        region_code,
        method,
        year,
        {% for group in ['coal', 'oil', 'gas', 'other'] %}
            sum(case when kaya_group = '{{ group }}' then energy_tce else 0 end)
                as {{ group }}_energy_tce,
            sum(case when kaya_group = '{{ group }}' then co2_t else 0 end) as {{ group }}_co2_t,
        {% endfor %}
        sum(energy_tce) as energy_tce,
        sum(co2_t) as co2_t,
        max(origin_rank) as origin_rank
    from energy
    where kaya_group <> 'electricity'
    group by region_code, method, year

),

final as (

    select
        wide.region_code,
        wide.method,
        wide.year,
        economy.value_10k_cny as industrial_value_added_10k_cny,
        wide.energy_tce,
        wide.energy_tce / nullif(economy.value_10k_cny, 0) as energy_tce_per_10k_cny,
        {% for group in ['coal', 'oil', 'gas', 'other'] %}
            wide.{{ group }}_energy_tce / nullif(wide.energy_tce, 0) as {{ group }}_share,
            wide.{{ group }}_co2_t / nullif(wide.{{ group }}_energy_tce, 0)
                as {{ group }}_co2_t_per_tce,
        {% endfor %}
        wide.co2_t,
        wide.co2_t / nullif(wide.energy_tce, 0) as co2_t_per_tce,
        greatest(wide.origin_rank, {{ origin_rank('economy.origin') }}, 2) as origin_rank
    from wide
    inner join economy on wide.region_code = economy.region_code and wide.year = economy.year

)

select * from final
