{#
  The YAML files and the seeds name types as DuckDB does; a macro, so that the name is written once.
#}
{% macro type_name(name) -%}
    {{ return(adapter.dispatch('type_name', 'greenpark')(name)) }}
{%- endmacro %}

{% macro default__type_name(name) -%}
    {{ return(name) }}
{%- endmacro %}

{# Spark's varchar needs a length; its text without one is string. #}
{% macro spark__type_name(name) -%}
    {{ return('string' if name | lower == 'varchar' else name) }}
{%- endmacro %}

{# dbt's own query for a contract's columns, with Spark's names of their types. #}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
        {% for column in columns.values() -%}
            cast(null as {{ type_name(column.data_type) }}) as {{ column.name }}
            {{- ',' if not loop.last }}
        {% endfor %}
{%- endmacro %}
