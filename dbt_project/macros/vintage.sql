{# True for the editions the marts may use: those printed up to var `as_of_vintage`. #}
{% macro is_known_vintage(column) -%}
    {{ column }} <= {{ var('as_of_vintage') }}
{%- endmacro %}

{# Of rows that were returned more than once, by their key, those of the latest edition in use. #}
{% macro latest_edition(relation, keys, condition='') -%}
    select *
    from (
        select
            *,
            row_number() over (partition by {{ keys | join(', ') }} order by vintage desc)
                as edition_rank
        from {{ relation }}
        where {{ is_known_vintage('vintage') }}{% if condition %} and {{ condition }}{% endif %}
    ) as editions
    where edition_rank = 1
{%- endmacro %}
