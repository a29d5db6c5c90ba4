{# A measure without the last digits of its sum, for ranks: what is equal but for them is a tie. #}
{% macro without_noise(column) -%}
    round({{ column }}, 6)
{%- endmacro %}
