{#
  LMDI-I (Ang 2005, 2015) of any number of factors and categories, in one set-based pass.

  `relation` is the generic long form: the columns `keys` (what is decomposed, such as entity and
  period), category, factor, value_start, value_end. The value of a category is the product of its
  factors; categories may have different factors. Returned are one row per key and effect:

      effect          a factor; `separate_terms`; `total`
      additive        the effect in units of the total; effects and separate terms add up to `total`
      multiplicative  the effect as a ratio; effects and separate terms multiply to `total`;
                      null where the total is not above zero at both ends
      has_shared_zero a category appears or goes with two factors at once, and its value is split
                      equally between them, because the limit would count it twice

  Zeros are the analytical limits of Ang, Zhang and Choi (1998): a category that appears (goes) is
  the effect of the factor that appears (goes), and nothing is the effect of the others. A category
  with a negative factor at either end is no part of the decomposition: its change is the row
  `separate_terms`. A value that is null is unknown: so are the effects of its key.

  With `by_category`: one row per key, category and effect, additive only.
#}
{% macro lmdi(relation, keys=['entity', 'period'], by_category=false) %}
{%- set key_list = keys | join(', ') -%}
with factors as (

    select
        {{ key_list }},
        category,
        factor,
        value_start,
        value_end,
        {{ log_ratio('value_start', 'value_end') }} as log_ratio
    from {{ relation }}

),

-- The value of a category at both ends, through logarithms of sizes and a count of signs.
products as (

    select
        {{ key_list }},
        category,
        count(*) as factor_count,
        sum(log_ratio) as log_ratio,
        {% for end in ['start', 'end'] %}
            count(value_{{ end }}) as known_{{ end }},
            count(case when value_{{ end }} = 0 then 1 end) as zeros_{{ end }},
            count(case when value_{{ end }} < 0 then 1 end) as negatives_{{ end }},
            sum(ln(case when value_{{ end }} <> 0 then abs(value_{{ end }}) end)) as log_{{ end }}
            {{- ',' if not loop.last }}
        {% endfor %}
    from factors
    group by {{ key_list }}, category

),

{{ lmdi_weights(keys) }}
cells as (

    select
        {% for key in keys %}factors.{{ key }}, {% endfor %}
        factors.category,
        factors.factor as effect,
        {{ lmdi_additive(
            'factors.value_start', 'factors.value_end', 'factors.log_ratio', 'weighted.'
        ) }} as additive,
        {{ lmdi_has_shared_zero('weighted.') }} as has_shared_zero
    from factors
    inner join weighted
        on
            {% for key in keys %}factors.{{ key }} = weighted.{{ key }} and {% endfor %}
            factors.category = weighted.category
    where not weighted.is_separate

),

{% if by_category %}
final as (

    select
        {{ key_list }},
        category,
        effect,
        additive,
        has_shared_zero
    from cells

)
{% else %}
-- A sum with an unknown part is unknown.
totals as (

    select
        {{ key_list }},
        {{ lmdi_totals() }}
    from weighted
    group by {{ key_list }}

),

{{ lmdi_scales() }}
effects as (

    select
        {{ key_list }},
        effect,
        case when count(*) = count(additive) then sum(additive) end as additive,
        count(case when has_shared_zero then 1 end) > 0 as has_shared_zero
    from cells
    group by {{ key_list }}, effect

),

final as (

    select
        {% for key in keys %}effects.{{ key }}, {% endfor %}
        effects.effect,
        case when not scaled.is_unknown then effects.additive end as additive,
        case
            when not scaled.is_unknown then exp(effects.additive / nullif(scaled.scale, 0))
        end as multiplicative,
        effects.has_shared_zero
    from effects
    inner join scaled
        on
            {% for key in keys %}effects.{{ key }} = scaled.{{ key }}
            {{- ' and ' if not loop.last }}{% endfor %}

    union all
    select
        {{ key_list }},
        'separate_terms' as effect,
        {{ lmdi_separate_additive() }} as additive,
        {{ lmdi_separate_multiplicative() }} as multiplicative,
        false as has_shared_zero
    from scaled
    where separate_count > 0
    union all
    select
        {{ key_list }},
        'total' as effect,
        all_end - all_start as additive,
        {{ lmdi_total_multiplicative() }} as multiplicative,
        false as has_shared_zero
    from scaled

)
{% endif %}

select * from final
{% endmacro %}
