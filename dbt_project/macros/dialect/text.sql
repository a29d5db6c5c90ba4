{# Any text as a literal of the engine. #}
{% macro text_literal(text) -%}
    {{ return(adapter.dispatch('text_literal', 'greenpark')(text)) }}
{%- endmacro %}

{% macro default__text_literal(text) -%}
    '{{ text | string | replace("'", "''") }}'
{%- endmacro %}

{# What parts two lines, as an expression: neither engine takes an escape in a plain literal alike. #}
{% macro line_break() -%}chr(10){%- endmacro %}

{# Many texts, trimmed, with commas between; the dispatch is looked up once, for it takes its time. #}
{% macro text_literals(texts) -%}
    {%- set literal = adapter.dispatch('text_literal', 'greenpark') -%}
    {%- for text in texts -%}
        {{ literal(text | trim) }}{% if not loop.last %}, {% endif %}
    {%- endfor -%}
{%- endmacro %}

{# Spark reads a backslash as an escape. #}
{% macro spark__text_literal(text) -%}
    '{{ text | string | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}

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
