-- Every number of the yearly returns whose row was returned more than once, one below the other.
-- The forms, their keys and numbers are those of the dataset catalogue.
{% set forms = var('yearly_returns') %}

with dataset_columns as (

    select * from {{ ref('dataset_columns') }}

),

{% for form in forms %}
    {{ form.name }} as (

        select
            *,
            {{ row_key(form.key_columns) }} as row_key,
            min(vintage) over edition as first_vintage,
            max(vintage) over edition as last_vintage
        from {{ ref('stg_park_returns__' ~ form.name) }}
        where {{ is_known_vintage('vintage') }}
        window edition as (partition by year, {{ form.key_columns | join(', ') }})

    ),

{% endfor %}

united as (

    {% for form in forms %}
        {% set last_form = loop.last %}
        {% for column in form.numbers %}
            select
                'park_returns_{{ form.name }}' as dataset,
                row_key,
                '{{ column }}' as column_name,
                year,
                vintage,
                cast({{ column }} as double) as value,
                {{ 'unit' if form.has_unit else 'null' }} as unit,
                source_id
            from {{ form.name }}
            where first_vintage < last_vintage
            {% if not (loop.last and last_form) %}union all{% endif %}
        {% endfor %}
    {% endfor %}

),

final as (

    select
        united.dataset,
        united.row_key || united.column_name as series_key,
        united.year,
        united.vintage,
        united.value,
        coalesce(dataset_columns.unit, united.unit) as unit,
        united.source_id
    from united
    left join dataset_columns
        on
            united.dataset = dataset_columns.dataset
            and united.column_name = dataset_columns.column_name
    where united.value is not null

)

select * from final
