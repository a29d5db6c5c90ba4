{# A query with one row per column that the built relation has, as `column_name`. #}
{% macro columns_of(relation) -%}
    {{ return(adapter.dispatch('columns_of', 'greenpark')(relation)) }}
{%- endmacro %}

{% macro default__columns_of(relation) -%}
    select column_name
    from information_schema.columns
    where table_schema = '{{ relation.schema }}' and table_name = '{{ relation.identifier }}'
{%- endmacro %}

{# A Spark catalog need not have an information_schema; dbt describes the table. #}
{% macro spark__columns_of(relation) -%}
    {%- set names = ['no_such_column'] -%}
    {%- if execute -%}
        {%- set names = adapter.get_columns_in_relation(relation) | map(attribute='name') -%}
    {%- endif -%}
    select column_name
    from (values {% for name in names %}('{{ name }}'){{ ', ' if not loop.last }}{% endfor %})
        as described (column_name)
{%- endmacro %}
