{% set forms = {
    'parks': false,
    'enterprises': false,
    'enterprise_energy': true,
    'park_facts': true,
    'measures': true,
    'peak_plans': false,
    'pollutants': true,
    'water': true,
    'land': true,
    'energy_exchange': true,
    'sinks': true,
    'allowances': true,
    'process': true,
    'certificates': true,
    'direct_supply': true,
    'park_boundaries': false,
    'boundary_members': false,
    'measured_factors': true,
    'frozen_accounts': true,
    'guiding_values': true,
    'path_measures': false,
    'path_steps': true,
} %}

with united as (

    {% for form, has_year in forms.items() %}
        select
            'park_returns_{{ form }}' as dataset,
            park_id,
            {{ 'year' if has_year else 'cast(null as integer)' }} as year,
            vintage,
            source_id,
            origin
        from {{ ref('stg_park_returns__' ~ form) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        park_id,
        dataset,
        year,
        vintage,
        source_id,
        origin,
        count(*) as row_count
    from united
    where {{ is_known_vintage('vintage') }}
    group by park_id, dataset, year, vintage, source_id, origin

)

select * from final
order by park_id, dataset, year nulls first, vintage, source_id, origin
