{#
  Whether a sum gives one of its contributors away: fewer than so many, one above so much of it, or
  the second largest knows the largest too well (the p % rule). `total` is the sum of the absolute
  contributions, of which `largest` and `second` are the two largest.
#}
{% macro is_sensitive(contributors, total, largest, second) -%}
    (
        {{ contributors }} < {{ threshold('disclosure_contributors_min') }}
        or {{ is_above(largest, threshold('disclosure_largest_share_max') ~ ' * ' ~ total, total) }}
        or {{ is_below(
            total ~ ' - ' ~ largest ~ ' - ' ~ second,
            threshold('disclosure_p_min') ~ ' * ' ~ largest, total
        ) }}
    )
{%- endmacro %}

{#
  The two largest contributions (the second is 0 if there is one), how many there are and their sum,
  of each group of `relation`, which has one row a contributor of `value`.
#}
{% macro contributions_ranked(relation, group, value) %}
    select
        {{ group | join(',\n        ') }},
        cast(count(*) as integer) as contributor_count,
        sum({{ value }}) as cell_value,
        sum(abs({{ value }})) as absolute_value,
        max(case when place = 1 then abs({{ value }}) end) as largest_contribution,
        max(case when place = 2 then abs({{ value }}) else 0 end) as second_contribution
    from (
        select
            {{ group | join(',\n            ') }},
            {{ value }},
            row_number() over (
                partition by {{ group | join(', ') }}
                order by {{ tie_value("abs(" ~ value ~ ")", value) }} desc, enterprise_id asc
            ) as place
        from {{ relation }}
        where {{ value }} <> 0
    ) as placed
    group by {{ group | join(', ') }}
{% endmacro %}
