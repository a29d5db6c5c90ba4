{#
  The one definition of "equal", "within" and "tie" for sums of doubles. The last digits of a sum
  depend on the order of addition, and its error on the size of what was added: `scale` is that size
  (both totals, the whole of a share, the sum of absolute values), never the result and never a
  difference, which may be nothing but error. `closure` is the threshold that says what part of the
  scale may be missing: float_closure for the same doubles summed twice, balance_closure for
  numbers that were printed with few digits.

  dbt fills in the thresholds as subqueries, the gates (expectations/tolerance.py) as numbers.
  What cannot be compared, because a side is null, is null.
#}
{% macro is_equal(a, b, scale, closure='float_closure') -%}
    abs(({{ a }}) - ({{ b }})) <= {{ threshold(closure) }} * ({{ scale }})
{%- endmacro %}

{% macro is_above(value, limit, scale, closure='float_closure') -%}
    ({{ value }}) > ({{ limit }}) + {{ threshold(closure) }} * ({{ scale }})
{%- endmacro %}

{% macro is_below(value, limit, scale, closure='float_closure') -%}
    ({{ value }}) < ({{ limit }}) - {{ threshold(closure) }} * ({{ scale }})
{%- endmacro %}

{% macro is_within(value, low, high, scale, closure='float_closure') -%}
    (
    {{- 'not ' ~ is_below(value, low, scale, closure) ~ ' and not ' ~ is_above(value, high, scale, closure) -}}
    )
{%- endmacro %}

{#
  A number as ranks see it: what is equal but for the last digits is a tie. It is rounded to steps
  of a power of two, so that no number printed with a few decimals falls on the edge of a step.
#}
{% macro tie_value(value, scale, closure='float_closure') -%}
    {%- set step = tie_step(scale, closure) -%}
    coalesce(round(({{ value }}) / {{ step }}) * {{ step }}, {{ value }})
{%- endmacro %}

{# The step that `tie_value` rounds to, for what ranks millions of rows of one scale. #}
{% macro tie_step(scale, closure='float_closure') -%}
    power(2, ceil(ln({{ threshold(closure) }} * nullif(abs({{ scale }}), 0)) / ln(2)))
{%- endmacro %}
