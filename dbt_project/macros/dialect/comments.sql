{#
  Descriptions are comments in the DuckDB file, where readers are; the loader writes those of tables
  there when Spark has built the marts. On Spark a description with a quote in it would end its literal early.
#}
{% macro spark__comment_clause() -%}{%- endmacro %}

{% macro spark__persist_docs(relation, model, for_relation, for_columns) -%}{%- endmacro %}

{% macro spark__create_view_as(relation, sql) -%}
    create or replace view {{ relation }} as
    {{ sql }}
{%- endmacro %}

{#
  Give the tables dbt does not build (raw, run tables) their descriptions as comments too. Those of
  all columns come from reference.data_dictionary when the build is finished
  (orchestration/publishing/finalise.py).
#}
{% macro comment_on_sources() -%}
    {{ return(adapter.dispatch('comment_on_sources', 'greenpark')()) }}
{%- endmacro %}

{% macro default__comment_on_sources() -%}{%- endmacro %}

{# One query for all of them: a query each takes seconds. #}
{% macro duckdb__comment_on_sources() %}
    {% if execute %}
        {% set comments = [] %}
        {% for source in graph.sources.values() %}
            {% set relation = source.schema ~ '.' ~ source.name %}
            {% do comments.append("comment on table " ~ relation ~ " is '"
                ~ (source.description | trim | replace("'", "''")) ~ "'") %}
        {% endfor %}
        {% do run_query(comments | join(';\n')) %}
    {% endif %}
{% endmacro %}
