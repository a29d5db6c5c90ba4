{#
  Mann-Kendall's test of each series of `relation` (columns `keys`, year and the value): S, rises less
  falls over all pairs of years; its variance with ties; Z with continuity correction; and the
  two-sided probability by the normal approximation.

      Var S = (n (n - 1) (2n + 5) - sum over ties of t (t - 1) (2t + 5)) / 18
#}
{% macro mann_kendall(relation, keys=['entity'], value='value') %}
{%- set key_list = keys | join(', ') -%}
with series as (

    select
        {{ key_list }},
        year,
        {{ value }} as value
    from {{ relation }}
    where {{ value }} is not null

),

signs as (

    select
        {% for key in keys %}earlier.{{ key }}, {% endfor %}
        sum(
            case
                when later.value > earlier.value then 1
                when later.value < earlier.value then -1
                else 0
            end
        ) as s
    from series as earlier
    inner join series as later
        on
            {% for key in keys %}earlier.{{ key }} = later.{{ key }} and {% endfor %}
            earlier.year < later.year
    group by {% for key in keys %}earlier.{{ key }}{{ ', ' if not loop.last }}{% endfor %}

),

ties as (

    select
        {{ key_list }},
        value,
        count(*) as size
    from series
    group by {{ key_list }}, value

),

sizes as (

    select
        {{ key_list }},
        sum(size) as years_count,
        max(size) > 1 as has_ties,
        sum(case when size > 1 then size * (size - 1) * (2 * size + 5) else 0 end) as tie_term
    from ties
    group by {{ key_list }}

),

varied as (

    select
        {% for key in keys %}sizes.{{ key }}, {% endfor %}
        cast(sizes.years_count as integer) as years_count,
        sizes.has_ties,
        cast(signs.s as integer) as s,
        (
            sizes.years_count * (sizes.years_count - 1) * (2 * sizes.years_count + 5)
            - sizes.tie_term
        ) / 18e0 as variance
    from sizes
    inner join signs
        on
            {% for key in keys %}sizes.{{ key }} = signs.{{ key }}
            {{- ' and ' if not loop.last }}{% endfor %}

),

standardised as (

    select
        *,
        case
            when s > 0 then (s - 1) / nullif(sqrt(variance), 0)
            when s < 0 then (s + 1) / nullif(sqrt(variance), 0)
            else 0
        end as z
    from varied

),

final as (

    select
        {{ key_list }},
        years_count,
        has_ties,
        s,
        variance,
        z,
        least(1, 2 * {{ normal_upper_tail('abs(z)') }}) as p_normal
    from standardised

)

select * from final
{% endmacro %}
