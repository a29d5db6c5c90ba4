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
