-- What the city model gives, and how far it moves when a part of its evidence is taken away.
with runs as (

    select * from {{ ref('stg_city_model__held_back_runs') }}
    where {{ is_known_vintage('vintage') }}

),

long_runs as (

    {% for quantity in [
        'territorial_co2_t', 'report_co2_t', 'coal_t', 'final_electricity_mwh',
        'industrial_energy_tce',
    ] %}
        select
            run,
            region_code,
            year,
            '{{ quantity }}' as quantity,
            {{ quantity }} as value,
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
        quantity,
        max(case when run = 'full' then value end) as value,
        min(value) as lowest_value,
        max(value) as highest_value,
        (max(value) - min(value)) / 2 / nullif(max(case when run = 'full' then value end), 0)
            as relative_half_range,
        min(origin) as origin,
        min(source_id) as source_id
    from long_runs
    group by region_code, year, quantity

)

select * from final
order by region_code, year, quantity
