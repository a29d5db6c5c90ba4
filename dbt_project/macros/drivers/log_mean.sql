{#
  The logarithmic mean L(start, end) = (end - start) / ln(end / start) of two numbers above zero, with
  L(a, a) = a. `log_ratio` is ln(end / start). Near a ratio of one the quotient loses digits, so the
  series of sinh(h) / h, h = log_ratio / 2, stands in for it; its next term is below 1e-16.
#}
{% macro log_mean(start, end, log_ratio) -%}
    case
        when abs({{ log_ratio }}) < 1e-2
            then
                sqrt({{ start }}) * sqrt({{ end }})
                * (1 + power({{ log_ratio }}, 2) / 24 + power({{ log_ratio }}, 4) / 1920)
        else ({{ end }} - {{ start }}) / nullif({{ log_ratio }}, 0)
    end
{%- endmacro %}

{# ln(end / start) of two numbers above zero; null otherwise. #}
{% macro log_ratio(start, end) -%}
    ln(case when {{ start }} > 0 and {{ end }} > 0 then {{ end }} / {{ start }} end)
{%- endmacro %}
