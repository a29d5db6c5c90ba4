{# Columns that end in 1, 2 and so on as one value, and what two of those make, term by term. #}
{% macro array_value(columns, terms) -%}
    {{ return(adapter.dispatch('array_value', 'greenpark')(columns, terms)) }}
{%- endmacro %}

{% macro default__array_value(columns, terms) -%}
    array_value(
        {%- for term in range(1, terms + 1) -%}
            {{ ', ' if not loop.first }}{{ columns }}{{ term }}
        {%- endfor -%}
    )
{%- endmacro %}

{% macro spark__array_value(columns, terms) -%}
    array(
        {%- for term in range(1, terms + 1) -%}
            {{ ', ' if not loop.first }}{{ columns }}{{ term }}
        {%- endfor -%}
    )
{%- endmacro %}

{% macro array_inner_product(left, right, terms) -%}
    {{ return(adapter.dispatch('array_inner_product', 'greenpark')(left, right, terms)) }}
{%- endmacro %}

{% macro default__array_inner_product(left, right, terms) -%}
    array_inner_product({{ left }}, {{ right }})
{%- endmacro %}

{# Added up in the same order. #}
{% macro spark__array_inner_product(left, right, terms) -%}
    (
        {%- for term in range(terms) -%}
            {{ ' + ' if not loop.first }}{{ left }}[{{ term }}] * {{ right }}[{{ term }}]
        {%- endfor -%}
    )
{%- endmacro %}

{# The values of a group, from the greatest on, that these parts of it reach at least: a list. #}
{% macro quantile_disc(value, parts) -%}
    {{ return(adapter.dispatch('quantile_disc', 'greenpark')(value, parts)) }}
{%- endmacro %}

{# A part below nothing counts from the greatest value on. #}
{% macro default__quantile_disc(value, parts) -%}
    {%- set from_the_top = [] -%}
    {%- for part in parts %}{% do from_the_top.append('-' ~ part) %}{% endfor -%}
    quantile_disc({{ value }}, {{ list_value(from_the_top) }})
{%- endmacro %}

{% macro spark__quantile_disc(value, parts) -%}
    {%- set cuts = [] -%}
    {%- for part in parts -%}
        {% do cuts.append(
            'percentile_disc(' ~ part ~ ') within group (order by ' ~ value ~ ' desc)'
        ) %}
    {%- endfor -%}
    {{ list_value(cuts) }}
{%- endmacro %}

{% macro list_value(values) -%}
    {{ return(adapter.dispatch('list_value', 'greenpark')(values)) }}
{%- endmacro %}

{% macro default__list_value(values) -%}
    list_value({{ values | join(', ') }})
{%- endmacro %}

{% macro spark__list_value(values) -%}
    array({{ values | join(', ') }})
{%- endmacro %}

{# The value of a list at a place, counted from 1. #}
{% macro list_extract(values, place) -%}
    {{ return(adapter.dispatch('list_extract', 'greenpark')(values, place)) }}
{%- endmacro %}

{% macro default__list_extract(values, place) -%}
    list_extract({{ values }}, {{ place }})
{%- endmacro %}

{% macro spark__list_extract(values, place) -%}
    element_at({{ values }}, {{ place }})
{%- endmacro %}
