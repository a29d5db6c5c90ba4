{# The dictionary is read from the project itself: one place for each label, unit and description. #}
{%- set published = ['raw', 'reference', 'emissions', 'indicators', 'quality'] -%}
{%- set entries = [] -%}
{%- if execute -%}
    {%- for node in (graph.nodes.values() | list) + (graph.sources.values() | list) -%}
        {%- if node.resource_type in ['model', 'source'] and node.schema in published -%}
            {%- for column in node.columns.values() -%}
                {%- set meta = column.config.meta if column.config else column.meta -%}
                {%- do entries.append([
                    node.schema, node.name, column.name, meta.get('label_zh', ''),
                    meta.get('label_en', ''), meta.get('unit', ''), column.description,
                ]) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif -%}

with entries (schema_name, table_name, column_name, label_zh, label_en, unit, description) as (

    values
    {% for entry in entries %}
        ({% for text in entry %}'{{ text | trim | replace("'", "''") }}'{% if not loop.last %}, {% endif %}{% endfor %}){% if not loop.last %},{% endif %}
    {% else %}
        ('', '', '', '', '', '', '')
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
