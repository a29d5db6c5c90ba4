{{ config(materialized='view') }}

{% set of_park = [
    'park_id', 'name_zh', 'name_en', 'level', 'region_code', 'is_sample', 'refusal',
] %}

-- A view: a park of the list without returns is a row too, that says so.
with parks as (

    select * from {{ published(ref('parks')) }}

),

years as (

    select
        *,
        method as default_method,
        row_number() over (partition by park_id order by year desc) as place
    from {{ published(ref('park_year_by_method')) }}
    where method = '{{ var("default_method") }}'

),

final as (

    select
        parks.park_id,
        parks.name_zh,
        parks.name_en,
        parks.level,
        parks.region_code,
        parks.is_sample,
        {% for column in model.columns if column not in of_park -%}
            {% if column == 'is_doubtful' -%}
                coalesce(years.is_doubtful, false) as is_doubtful,
            {%- else -%}
                years.{{ column }},
            {%- endif %}
        {% endfor -%}
        case when years.park_id is null then 'not_held' end as refusal
    from parks
    left join years on parks.park_id = years.park_id and years.place = 1

)

select * from final
