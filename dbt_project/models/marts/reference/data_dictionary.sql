{%- set entries = dictionary_entries() or [[''] * 7] -%}

with entries (schema_name, table_name, column_name, label_zh, label_en, unit, description) as (

    values
    {% for entry in entries %}
        (
            {{ text_literals(entry) }} -- noqa: LT05
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
