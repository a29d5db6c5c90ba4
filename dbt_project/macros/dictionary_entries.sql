{#
  One list per published column, read from the project itself: schema, table, column, whether it is
  part of the key that a test asserts, and what the table says of it instead of the catalogue of
  columns (label_zh, label_en, unit, aggregation, format, description_zh, description_en).
#}
{% macro dictionary_entries() %}
    {%- set published = [
        'raw', 'reference', 'emissions', 'indicators', 'all_levels', 'quality'
    ] -%}
    {%- set said = ['label_zh', 'label_en', 'unit', 'aggregation', 'format'] -%}
    {%- set entries = [] -%}
    {%- if execute -%}
        {%- set keys = {} -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'test' -%}
            {%- set key = (node.test_metadata.kwargs if node.test_metadata else {}).get('key') -%}
            {%- do keys.update({node.attached_node: key}) if key -%}
        {%- endfor -%}
        {%- for node in (graph.nodes.values() | list) + (graph.sources.values() | list) -%}
            {%- if node.resource_type in ['model', 'source'] and node.schema in published -%}
                {%- for column in node.columns.values() -%}
                    {%- set meta = column.config.meta if column.config else column.meta -%}
                    {%- set is_key = column.name in keys.get(node.unique_id, []) -%}
                    {%- set entry = [node.schema, node.name, column.name, is_key | lower] -%}
                    {%- for key in said -%}
                        {%- do entry.append(meta.get(key, '')) -%}
                    {%- endfor -%}
                    {%- set lines = (column.description | trim).split('\n') -%}
                    {%- do entries.append(entry + [lines[0], lines[1:] | join(' ')]) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(entries or [[''] * 11]) }}
{% endmacro %}
