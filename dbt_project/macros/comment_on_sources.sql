{# Give the tables dbt does not build (raw, run tables) their descriptions as comments too. #}
{% macro comment_on_sources() %}
    {% if execute and target.type == 'duckdb' %}
        {% for source in graph.sources.values() %}
            {% set relation = source.schema ~ '.' ~ source.name %}
            {% do run_query("comment on table " ~ relation ~ " is '"
                ~ (source.description | trim | replace("'", "''")) ~ "'") %}
            {% for column in source.columns.values() %}
                {% do run_query("comment on column " ~ relation ~ '.' ~ column.name ~ " is '"
                    ~ (column.description | trim | replace("'", "''")) ~ "'") %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}
