{#
  What `lmdi` returns, of factors that stand side by side: `relation` has a row for each of `keys`
  and category. One pass without a join, and a fifth of the rows. `factors` is a list of (effect, the
  columns of its value at both ends, condition that a category has the factor); in its order the
  logarithms add, in the order of the rows the categories.
#}
{% macro lmdi_wide(relation, keys, factors) %}
{%- set key_list = keys | join(', ') -%}
{%- set carried = [] -%}
{%- for effect, _, _, _ in factors -%}
    {%- for part in ['has', 'start', 'end', 'log_ratio'] -%}
        {{- '' if carried.append(effect ~ '_' ~ part) -}}
    {%- endfor -%}
{%- endfor -%}
with factors as (

    select
        {{ key_list }},
        category,
        {% for effect, value_start, value_end, condition in factors %}
            {{ condition }} as {{ effect }}_has,
            case when {{ condition }} then {{ value_start }} end as {{ effect }}_start,
            case when {{ condition }} then {{ value_end }} end as {{ effect }}_end,
            case
                when {{ condition }}
                    then {{ log_ratio(value_start, value_end) }}
            end as {{ effect }}_log_ratio
            {{- ',' if not loop.last }}
        {% endfor %}
    from {{ relation }}

),

products as (

    select
        *,
        {% for effect, _, _, _ in factors %}
            {{ '+ ' if not loop.first }}case when {{ effect }}_has then 1 else 0 end
        {% endfor %} as factor_count,
        {% for effect, _, _, _ in factors %}
            {{ '+ ' if not loop.first }}coalesce({{ effect }}_log_ratio, 0)
        {% endfor %} as log_ratio,
        {% for end in ['start', 'end'] %}
            {% for effect, _, _, _ in factors %}
                {{ '+ ' if not loop.first }}case when {{ effect }}_{{ end }} is null then 0 else 1 end
            {% endfor %} as known_{{ end }},
            {% for effect, _, _, _ in factors %}
                {{ '+ ' if not loop.first }}case when {{ effect }}_{{ end }} = 0 then 1 else 0 end
            {% endfor %} as zeros_{{ end }},
            {% for effect, _, _, _ in factors %}
                {{ '+ ' if not loop.first }}case when {{ effect }}_{{ end }} < 0 then 1 else 0 end
            {% endfor %} as negatives_{{ end }},
            {% for effect, _, _, _ in factors %}
                {{ '+ ' if not loop.first -}}
                coalesce(
                    ln(case when {{ effect }}_{{ end }} <> 0 then abs({{ effect }}_{{ end }}) end), 0
                )
            {% endfor %} as log_{{ end }}
            {{- ',' if not loop.last }}
        {% endfor %}
    from factors

),

{{ lmdi_weights(keys, carried) }}

cells as (

    select
        {{ key_list }},
        is_separate,
        total_start,
        total_end,
        {% for effect, _, _, _ in factors %}
            {{ effect }}_has and not is_separate as {{ effect }}_counts,
            case
                when {{ effect }}_has and not is_separate
                    then
                        {{ lmdi_additive(
                            effect ~ '_start', effect ~ '_end', effect ~ '_log_ratio'
                        ) | indent(16) }}
            end as {{ effect }}_additive,
        {% endfor %}
        {{ lmdi_has_shared_zero() }} as has_shared_zero
    from weighted

),

totals as (

    select
        {{ key_list }},
        {% for effect, _, _, _ in factors %}
            count(case when {{ effect }}_counts then 1 end) as {{ effect }}_count,
            case
                when count(case when {{ effect }}_counts then 1 end) = count({{ effect }}_additive)
                    then sum({{ effect }}_additive)
            end as {{ effect }}_additive,
            count(case when {{ effect }}_counts and has_shared_zero then 1 end) > 0
                as {{ effect }}_shared_zero,
        {% endfor %}
        {{ lmdi_totals() }}
    from cells
    group by {{ key_list }}

),

{{ lmdi_scales() }}

effects as (

    select
        {% for key in keys %}scaled.{{ key }}, {% endfor %}
        named.effect,
        scaled.is_unknown,
        scaled.scale,
        case named.effect
            {% for effect, _, _, _ in factors %}
                when '{{ effect }}' then scaled.{{ effect }}_count
            {% endfor %}
            when 'separate_terms' then scaled.separate_count
            else 1
        end as category_count,
        case named.effect
            {% for effect, _, _, _ in factors %}
                when '{{ effect }}' then scaled.{{ effect }}_additive
            {% endfor %}
            when 'separate_terms' then {{ lmdi_separate_additive() }}
            else scaled.all_end - scaled.all_start
        end as additive,
        case named.effect
            when 'separate_terms' then {{ lmdi_separate_multiplicative() }}
            when 'total' then {{ lmdi_total_multiplicative() }}
        end as multiplicative,
        case named.effect
            {% for effect, _, _, _ in factors %}
                when '{{ effect }}' then scaled.{{ effect }}_shared_zero
            {% endfor %}
            else false
        end as has_shared_zero,
        named.effect in ('separate_terms', 'total') as is_of_all
    from scaled
    cross join (
        values
        {% for effect, _, _, _ in factors %}('{{ effect }}'), {% endfor %}
        ('separate_terms'), ('total')
    ) as named (effect)

),

final as (

    select
        {{ key_list }},
        effect,
        case when is_of_all or not is_unknown then additive end as additive,
        case
            when is_of_all then multiplicative
            when not is_unknown then exp(additive / nullif(scale, 0))
        end as multiplicative,
        has_shared_zero
    from effects
    where category_count > 0

)

select * from final
{% endmacro %}
