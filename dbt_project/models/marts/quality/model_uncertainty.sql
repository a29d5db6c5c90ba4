-- What the city model gives, and how far it moves when a part of its evidence is taken away.
with runs as (

    select * from {{ ref('stg_city_model__held_back_runs') }}
    where {{ is_known_vintage('vintage') }}

),

long_runs as (

    {% for indicator in [
        'territorial_co2_t', 'report_co2_t', 'coal_t', 'final_electricity_mwh',
        'industrial_energy_tce',
    ] %}
        select
            run,
            region_code,
            year,
            '{{ indicator }}' as indicator,
            {{ indicator }} as value,
            origin,
            source_id
        from runs
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        region_code,
        year,
        indicator,
        case
            when indicator = 'co2_t_per_gdp' then 't_per_10k_cny'
            when indicator = 'final_electricity_mwh' then 'mwh'
            when indicator = 'industrial_energy_tce' then 'tce'
            when indicator in ('territorial_co2_t', 'report_co2_t', 'coal_t') then 't'
            else '1'
        end as unit,
        max(case when run = 'full' then value end) as modelled_value,
        min(value) as lowest_value,
        max(value) as highest_value,
        (max(value) - min(value)) / 2 / nullif(max(case when run = 'full' then value end), 0)
            as relative_half_range,
        min(origin) as origin,
        min(source_id) as source_id
    from long_runs
    group by region_code, year, indicator

)

select * from final
order by region_code, year, indicator
