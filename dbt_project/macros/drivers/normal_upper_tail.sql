{#
  The probability that a standard normal variable exceeds `z`, which is not below 0, by the rational
  approximation of Hart (1968) as in West (2005), "Better approximations to cumulative normal
  functions"; exact to 1e-15 up to 7, where the probability is below 1e-12.
#}
{% macro normal_upper_tail(z) -%}
    {%- set numerator = [
        '3.52624965998911e-2', '0.700383064443688e0', '6.37396220353165e0', '33.912866078383e0',
        '112.079291497871e0', '221.213596169931e0', '220.206867912376e0',
    ] -%}
    {%- set denominator = [
        '8.83883476483184e-2', '1.75566716318264e0', '16.064177579207e0', '86.7807322029461e0',
        '296.564248779674e0', '637.333633378831e0', '793.826512519948e0', '440.413735824752e0',
    ] -%}
    exp(-least({{ z }}, 7) * least({{ z }}, 7) / 2)
    * {{ polynomial(numerator, 'least(' ~ z ~ ', 7)') }}
    / {{ polynomial(denominator, 'least(' ~ z ~ ', 7)') }}
{%- endmacro %}

{# A polynomial by Horner's rule; the coefficient of the highest power first. #}
{% macro polynomial(coefficients, x) -%}
    {%- for _ in coefficients[1:] -%}({%- endfor -%}
    {{ coefficients[0] }}
    {%- for coefficient in coefficients[1:] %} * {{ x }} + {{ coefficient }}){% endfor -%}
{%- endmacro %}
