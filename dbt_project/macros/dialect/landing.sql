{#
  Make the raw tables that models read visible to the engine. DuckDB has them in the build file;
  elsewhere each is a view over its Parquet files (see docs/scale.md), of which the folder name
  `vintage=` is left out: the column `_vintage` says the same.
#}
{% macro open_landing() -%}
    {{ return(adapter.dispatch('open_landing', 'greenpark')()) }}
{%- endmacro %}

{% macro default__open_landing() -%}{%- endmacro %}

{% macro spark__open_landing() %}
    {% if execute and flags.WHICH in ['build', 'run', 'seed', 'test'] %}
        {% set landing = env_var('GREENPARK_LANDING') %}
        {% set read = [] %}
        {% for schema in graph.sources.values() | map(attribute='schema') | unique %}
            {% do run_query('create schema if not exists ' ~ schema) %}
        {% endfor %}
        {% for node in graph.nodes.values() %}
            {% do read.extend(node.depends_on.nodes) %}
        {% endfor %}
        {% for source in graph.sources.values() if source.unique_id in read %}
            {% set view %}
                create or replace view {{ source.schema }}.{{ source.name }} as
                select {{ source.columns.values() | map(attribute='name') | join(', ') }}
                from parquet.`{{ landing }}/{{ source.name }}`
            {% endset %}
            {% do run_query(view) %}
        {% endfor %}
    {% endif %}
{% endmacro %}
