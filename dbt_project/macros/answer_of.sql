{# A yes or no that may not have been given, as text: a flag that can be null is read as no. #}
{% macro answer_of(column) -%}
    case when {{ column }} then 'yes' when not {{ column }} then 'no' else 'not_returned' end
{%- endmacro %}
