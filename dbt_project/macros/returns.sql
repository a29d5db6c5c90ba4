{# The key columns of a return joined by slashes, with one at the end; an empty key is nothing. #}
{% macro row_key(columns) -%}
    {%- for column in columns -%}
        coalesce(cast({{ column }} as {{ type_name('varchar') }}), '') || '/'
        {%- if not loop.last %} || {% endif -%}
    {%- endfor -%}
{%- endmacro %}
