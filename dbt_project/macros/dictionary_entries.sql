{#
  One list per published column: schema, table, column, label_zh, label_en, unit, description; read
  from the project itself, so that each label stands in one place.
#}
{% macro dictionary_entries() %}
    {%- set published = [
        'raw', 'reference', 'emissions', 'indicators', 'all_levels', 'quality'
    ] -%}
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
    {{ return(entries) }}
{% endmacro %}
