{# True if `text` begins with `prefix`; both are expressions. #}
{% macro starts_with(text, prefix) -%}
    {{ return(adapter.dispatch('starts_with', 'greenpark')(text, prefix)) }}
{%- endmacro %}

{% macro default__starts_with(text, prefix) -%}
    starts_with({{ text }}, {{ prefix }})
{%- endmacro %}

{% macro spark__starts_with(text, prefix) -%}
    startswith({{ text }}, {{ prefix }})
{%- endmacro %}
