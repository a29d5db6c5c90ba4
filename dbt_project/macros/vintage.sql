{# True for the editions the marts may use: those printed up to var `as_of_vintage`. #}
{% macro is_known_vintage(column) -%}
    {{ column }} <= {{ var('as_of_vintage') }}
{%- endmacro %}
