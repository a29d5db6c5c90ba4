{% set measures = ['co2_t', 'coal_co2_t', 'industrial_co2_t'] %}

-- The series that peaks are looked for in, one value a year.
with region_year as (

    select * from {{ ref('region_year') }}

),

final as (

    {% for measure in measures %}
        select
            'region' as entity_type,
            region_code as entity,
            region_code,
            '{{ measure }}' as measure,
            method,
            year,
            {{ measure }} as value_t,
            {{ origin_rank('origin') }} as origin_rank
        from region_year
        where {{ measure }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from final
