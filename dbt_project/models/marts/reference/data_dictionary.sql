{%- set entries = dictionary_entries() or [[''] * 7] -%}
{#- Looked up once: a dispatch for each of thousands of texts takes seconds. -#}
{%- set literal = adapter.dispatch('text_literal', 'greenpark') -%}

with entries (schema_name, table_name, column_name, label_zh, label_en, unit, description) as (

    values
    {% for entry in entries %}
        (
            {% for text in entry %}
                {{ literal(text | trim) }}{% if not loop.last %},{% endif %} -- noqa: LT05
            {% endfor %}
        ){% if not loop.last %},{% endif %}
    {% endfor %}

),

final as (

    select
        schema_name,
        table_name,
        column_name,
        label_zh,
        label_en,
        nullif(unit, '') as unit,
        description
    from entries

)

select * from final
order by schema_name, table_name, column_name
