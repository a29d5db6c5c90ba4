{#
  The quarter of the places that a rank lies in: of 7, the places 1 and 2 are the first.
#}
{% macro quartile(rank, count) -%}
    floor(4 * ({{ rank }} - 1) / nullif({{ count }}, 0)) + 1
{%- endmacro %}

{#
  What the columns of random numbers are made from: square roots of primes are independent of each
  other, so that the multiples of them fill a cube evenly (Richtmyer), the same on any engine. There
  are as many columns as an evaluation may have indicators.
#}
{% macro draw_primes() -%}
    2, 3, 5, 7, 11, 13, 17, 19, 59, 29, 31, 37, 61, 43, 47, 53
{%- endmacro %}

{#
  Draws from the flat Dirichlet distribution, before they are made one: exponentials w_1, w_2 and so
  on, a row for each draw.
#}
{% macro dirichlet_draws(count) -%}
    select
        numbers.draw
        {%- for prime in draw_primes().split(', ') %},
        -ln({{ fraction_of('(numbers.draw + 5e-1) * sqrt(' ~ prime ~ ')') }}) as w_{{ loop.index }}
        {%- endfor %}
    from (
        select cast(1000 * thousands.digit + hundreds.number as double) as draw
        from {{ digits() }} as thousands (digit)
        cross join ({{ whole_numbers() }}) as hundreds
    ) as numbers
    cross join (select {{ count }} as draw_count) as settings
    where numbers.draw < settings.draw_count
{%- endmacro %}
