{#
  Schemas lie where the loader looks for the marts, also when the metastore is a cluster's own.
#}
{% macro spark__create_schema(relation) -%}
    {%- set warehouse = env_var('GREENPARK_SPARK_WAREHOUSE', '') -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation }}
        {%- if warehouse %} location '{{ warehouse }}/{{ relation.schema }}.db'{% endif %}
    {%- endcall -%}
{%- endmacro %}
