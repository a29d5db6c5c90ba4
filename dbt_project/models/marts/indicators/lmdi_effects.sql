{% set series = ['entity', 'method', 'price_basis'] %}
{% set keys = series + ['year_from', 'year_to'] %}
{% set told = keys + ['entity_type', 'region_code', 'identity'] %}
{% set effect_columns = [
    'additive', 'multiplicative', 'has_shared_zero', 'is_split_frozen', 'refusal', 'origin_rank',
] %}

with paired as (

    select * from {{ ref('int_drivers__factors_paired') }}

),

effects as (

    select * from {{ ref('int_drivers__effects_calculated') }}

),

periods as (

    select
        {% for key in told %}
            {{ key }},
        {% endfor %}
        is_step,
        steps_between,
        max(case when is_split_frozen then 1 else 0 end) = 1 as is_split_frozen,
        max(refusal) as refusal,
        max(origin_rank) as origin_rank
    from paired
    group by {{ told | join(', ') }}, is_step, steps_between

),

-- A chain without one of its steps is none.
chains as (

    select
        {% for key in told %}
            periods.{{ key }},
        {% endfor %}
        periods.steps_between
    from periods
    inner join periods as steps
        on
            steps.is_step
            {% for key in series %}
                and periods.{{ key }} = steps.{{ key }}
            {% endfor %}
            and periods.year_from <= steps.year_from
            and periods.year_to >= steps.year_to
    group by
        {% for key in told %}
            periods.{{ key }},
        {% endfor %}
        periods.steps_between
    having count(*) = periods.steps_between

),

labelled as (

    select
        periods.*,
        effects.effect,
        effects.additive,
        effects.multiplicative,
        effects.has_shared_zero
    from periods
    inner join effects
        on
            {% for key in keys %}
                {{ '' if loop.first else 'and ' }}periods.{{ key }} = effects.{{ key }}
            {% endfor %}

),

-- A chain is the steps that lie within its period, in the order of their years whatever order they
-- are joined in: the last digit of a sum hangs on it.
chain_steps as (

    select
        {% for key in told %}
            chains.{{ key }},
        {% endfor %}
        {% for column in effect_columns %}
            steps.{{ column }},
        {% endfor %}
        steps.effect
    from chains
    inner join labelled as steps
        on
            steps.is_step
            {% for key in series %}
                and chains.{{ key }} = steps.{{ key }}
            {% endfor %}
            and chains.year_from <= steps.year_from
            and chains.year_to >= steps.year_to
    order by steps.year_from

),

-- They add up, their ratios multiply.
chained as (

    select
        {% for key in told %}
            {{ key }},
        {% endfor %}
        effect,
        'chained' as chaining,
        case when count(*) = count(additive) then sum(additive) end as additive,
        case
            when count(*) = count(multiplicative)
                then exp(sum({{ log_of('multiplicative') }}))
        end as multiplicative,
        max(case when has_shared_zero then 1 else 0 end) = 1 as has_shared_zero,
        max(case when is_split_frozen then 1 else 0 end) = 1 as is_split_frozen,
        max(refusal) as refusal,
        max(origin_rank) as origin_rank
    from chain_steps
    group by {{ told | join(', ') }}, effect

),

united as (

    {% for rows, chaining in [('labelled', "'end_point' as chaining"), ('chained', 'chaining')] %}
        select
            {% for column in told + effect_columns %}
                {{ column }},
            {% endfor %}
            effect,
            {{ chaining }}
        from {{ rows }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- One total for each of the keys: the change that the effects add up or multiply to.
totals as (

    select
        {% for key in keys %}
            {{ key }},
        {% endfor %}
        chaining,
        additive,
        multiplicative
    from united
    where effect = 'total'

),

by_form as (

    {% for form, unit in [('additive', 't'), ('multiplicative', '1')] %}
        select
            united.*,
            '{{ form }}' as form,
            united.{{ form }} as value,
            totals.{{ form }} as change,
            '{{ unit }}' as unit
        from united
        left join totals
            on
                united.chaining = totals.chaining
                {% for key in keys %}
                    and united.{{ key }} = totals.{{ key }}
                {% endfor %}
        where
            united.effect <> 'total'
            and (not united.is_split_frozen or {{ var('with_frozen_structure') }})
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        entity_type,
        entity,
        region_code,
        identity,
        cast(year_from as {{ type_name('varchar') }}) || '-'
        || cast(year_to as {{ type_name('varchar') }})
        || case when chaining = 'chained' then ' chained' else '' end as period,
        year_from,
        year_to,
        chaining,
        method,
        price_basis,
        form,
        effect,
        value,
        change,
        unit,
        has_shared_zero,
        is_split_frozen,
        refusal,
        {{ origin_of_rank('greatest(origin_rank, 2)') }} as origin
    from by_form

)

select * from final
