{# The whole numbers from 0 to 999 as column `number`. #}
{% macro whole_numbers() -%}
    select 100 * hundreds.digit + 10 * tens.digit + ones.digit as number
    from {{ digits() }} as hundreds (digit)
    cross join {{ digits() }} as tens (digit)
    cross join {{ digits() }} as ones (digit)
{%- endmacro %}

{% macro digits() -%}
    (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))
{%- endmacro %}

{# What is left of a number above its whole part. #}
{% macro fraction_of(value) -%}
    (({{ value }}) - floor({{ value }}))
{%- endmacro %}

{#
  The value below which a triangular distribution on [low, high] with its mode at 0 has the
  probability `u`.
#}
{% macro triangular(u, low, high) -%}
    case
        when {{ u }} * ({{ high }} - {{ low }}) < -{{ low }}
            then {{ low }} + sqrt({{ u }} * ({{ high }} - {{ low }}) * -{{ low }})
        else {{ high }} - sqrt((1 - {{ u }}) * ({{ high }} - {{ low }}) * {{ high }})
    end
{%- endmacro %}
