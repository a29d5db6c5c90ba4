{#
  One list per published table whose rows are of regions or parks, read from the project itself:
  schema, table, the columns that hold the subject, those that hold its years, whether the row has an
  origin, whether it has money, what it sums up, what is split, whether it has a twin in schema
  `model`, and whether it is a view.
  What comes of a scenario rests on all years of its subject, not on the year it speaks of.
  The columns say it, but where `config.meta` of the model does: `subjects` (a row is of the model if
  any of these is), `rests_on: all_years` (not on the year it speaks of, as a forecast), `sums_up`
  (`park` or `region`: the row is of all parks or cities of its province),
  `split: inputs` (the view is made anew of the rows that are not of the model).
#}
{% macro model_table_entries() %}
    {%- set subjects = ['entity', 'park_id', 'region_code'] -%}
    {%- set years = ['year', 'base_year', 'year_from', 'year_to'] -%}
    {%- set money = ['_10k_cny', '_per_gdp', '_per_industrial_va', '_per_industrial_output'] -%}
    {%- set twins = ['emissions', 'indicators'] -%}
    {%- set entries = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
            {%- set meta = node.config.meta -%}
            {%- set columns = node.columns.keys() | list -%}
            {%- set found = meta.get('subjects') or (subjects | select('in', columns) | list)[:1] -%}
            {%- set sums_up = meta.get('sums_up', '') -%}
            {%- set has_twin = node.schema in twins or meta.get('subjects') is not none -%}
            {%- set priced = [] -%}
            {%- for column in columns -%}
                {%- for ending in money if column.endswith(ending) -%}
                    {%- do priced.append(column) -%}
                {%- endfor -%}
            {%- endfor -%}
            {%- if (found or sums_up) and (has_twin or node.schema == 'all_levels') -%}
                {%- do entries.append([
                    node.schema, node.name, found | join('|'),
                    '' if 'scenario' in columns or meta.get('rests_on') == 'all_years'
                        else years | select('in', columns) | join('|'),
                    ('origin' in columns) | string | lower,
                    (priced | length > 0) | string | lower,
                    sums_up, meta.get('split', 'rows'), has_twin | string | lower,
                    (node.config.materialized == 'view') | string | lower
                ]) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(entries or [[''] * 10]) }}
{% endmacro %}
