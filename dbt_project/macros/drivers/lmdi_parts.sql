{#
  What the two forms of LMDI-I share: `lmdi` on factors one below the other, `lmdi_wide` on factors
  side by side. From `products`, a row for each key and category, the value of a category at both
  ends and its weight; `carried` are columns that go through.
#}
{% macro lmdi_weights(keys, carried=[]) -%}
{%- set columns = (keys + ['category'] + carried) | join(', ') -%}
categories as (

    select
        {{ columns }},
        log_ratio,
        zeros_start,
        zeros_end,
        negatives_start + negatives_end > 0 as is_separate,
        {% for end in ['start', 'end'] %}
            case
                when known_{{ end }} < factor_count then null
                when zeros_{{ end }} > 0 then 0
                when negatives_{{ end }} - 2 * floor(negatives_{{ end }} / 2) = 1
                    then -exp(log_{{ end }})
                else exp(log_{{ end }})
            end as total_{{ end }}
            {{- ',' if not loop.last }}
        {% endfor %}
    from products

),

weighted as (

    select
        {{ columns }},
        is_separate,
        zeros_start,
        zeros_end,
        total_start,
        total_end,
        case
            when total_start > 0 and total_end > 0
                then {{ log_mean('total_start', 'total_end', 'log_ratio') }}
        end as weight
    from categories

),
{%- endmacro %}

{# The effect of one factor on its category; `of` is the alias of `weighted`, with its dot. #}
{% macro lmdi_additive(value_start, value_end, log_ratio, of='') -%}
        case
            when {{ of }}total_start is null or {{ of }}total_end is null then null
            when {{ of }}total_start = 0 and {{ of }}total_end = 0 then 0
            when {{ of }}total_start = 0
                then
                    case
                        when {{ value_start }} = 0
                            then {{ of }}total_end / nullif({{ of }}zeros_start, 0)
                        else 0
                    end
            when {{ of }}total_end = 0
                then
                    case
                        when {{ value_end }} = 0
                            then -{{ of }}total_start / nullif({{ of }}zeros_end, 0)
                        else 0
                    end
            else {{ of }}weight * {{ log_ratio }}
        end
{%- endmacro %}

{% macro lmdi_has_shared_zero(of='') -%}
        ({{ of }}total_start = 0 and {{ of }}total_end > 0 and {{ of }}zeros_start > 1)
        or ({{ of }}total_end = 0 and {{ of }}total_start > 0 and {{ of }}zeros_end > 1)
{%- endmacro %}

{# What is summed over the categories of `weighted`; a sum with an unknown part is unknown. #}
{% macro lmdi_totals() -%}
        count(*) > count(total_start + total_end) as is_unknown,
        count(case when is_separate then 1 end) as separate_count,
        {% for end in ['start', 'end'] %}
            case when count(*) = count(total_{{ end }}) then sum(total_{{ end }}) end
                as all_{{ end }},
            case
                when count(*) = count(total_{{ end }})
                    then sum(case when is_separate then 0 else total_{{ end }} end)
            end as decomposed_{{ end }}
            {{- ',' if not loop.last }}
        {% endfor %}
{%- endmacro %}

{# From `totals` the logarithmic mean of what is decomposed, by which an effect becomes a ratio. #}
{% macro lmdi_scales() -%}
scales as (

    select
        *,
        {{ log_ratio('decomposed_start', 'decomposed_end') }} as log_ratio
    from totals

),

scaled as (

    select
        *,
        case
            when decomposed_start > 0 and decomposed_end > 0
                then {{ log_mean('decomposed_start', 'decomposed_end', 'log_ratio') }}
        end as scale
    from scales

),
{%- endmacro %}

{% macro lmdi_separate_additive() -%}
    (all_end - decomposed_end) - (all_start - decomposed_start)
{%- endmacro %}

{% macro lmdi_separate_multiplicative() -%}
        case
            when decomposed_start > 0 and decomposed_end > 0 and all_start > 0 and all_end > 0
                then (all_end / all_start) / (decomposed_end / decomposed_start)
        end
{%- endmacro %}

{% macro lmdi_total_multiplicative() -%}
    case when all_start > 0 and all_end > 0 then all_end / all_start end
{%- endmacro %}
