{#
  LMDI-I between two years of a long table of levels (entity, year, category, factor, value), both
  ways: `end_point` compares the two years alone; `chained` adds (multiplies) the steps between the
  years that the entity has from the one to the other. A factor missing in one of the years of a step
  is unknown there; what does not exist in a year has to be given as 0.
#}
{% macro lmdi_between(relation, first_year, last_year) %}
with levels as (

    select
        entity,
        year,
        category,
        factor,
        value
    from {{ relation }}
    where year between {{ first_year }} and {{ last_year }}

),

years as (

    select distinct
        entity,
        year
    from levels

),

steps as (

    select
        entity,
        'chained' as chaining,
        year as year_from,
        lead(year) over (partition by entity order by year) as year_to
    from years

),

periods as (

    select
        entity,
        chaining,
        year_from,
        year_to
    from steps
    where year_to is not null
    union all
    select
        entity,
        'end_point' as chaining,
        {{ first_year }} as year_from,
        {{ last_year }} as year_to
    from years
    group by entity
    having min(year) = {{ first_year }} and max(year) = {{ last_year }}

),

ends as (

    select
        periods.entity,
        periods.chaining,
        periods.year_from,
        periods.year_to,
        levels.category,
        levels.factor,
        max(case when levels.year = periods.year_from then levels.value end) as value_start,
        max(case when levels.year = periods.year_to then levels.value end) as value_end
    from periods
    inner join levels
        on
            periods.entity = levels.entity
            and levels.year in (periods.year_from, periods.year_to)
    group by
        periods.entity, periods.chaining, periods.year_from, periods.year_to,
        levels.category, levels.factor

),

effects as (

    {{ lmdi('ends', ['entity', 'chaining', 'year_from', 'year_to']) | indent }}

),

complete as (

    select entity
    from years
    group by entity
    having min(year) = {{ first_year }} and max(year) = {{ last_year }}

),

final as (

    select
        effects.entity,
        effects.chaining,
        effects.effect,
        case when count(*) = count(effects.additive) then sum(effects.additive) end as additive,
        case
            when count(*) = count(effects.multiplicative)
                then exp(sum({{ log_of('effects.multiplicative') }}))
        end as multiplicative,
        max(case when effects.has_shared_zero then 1 else 0 end) = 1 as has_shared_zero
    from effects
    inner join complete on effects.entity = complete.entity
    group by effects.entity, effects.chaining, effects.effect

)

select * from final
{% endmacro %}

{# ln of what is above zero; null otherwise. #}
{% macro log_of(value) -%}
    ln(case when {{ value }} > 0 then {{ value }} end)
{%- endmacro %}
