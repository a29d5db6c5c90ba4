{# That two tables of a join agree in columns of the same name. #}
{% macro same_columns(left, right, columns) -%}
    {% for column in columns -%}
        {{ left }}.{{ column }} = {{ right }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
