{#
  A composite evaluation of a long table (group_id, entity, indicator, preference, table_weight,
  value): entities are compared within their group, by three weightings. A value scales from 0 (worst
  of the group) to 1 (best); an indicator equal in the whole group tells nothing and has no weight.
  A missing value is none: the weights of what an entity has are made one, and nothing is filled in.
  Entropy: Shannon's, of the scaled values as shares of their sum (0 ln 0 is 0). Score: weighted sum.
  TOPSIS: distances of the weighted values to the best and the worst of the group.
#}
{% macro evaluate(points) %}
with points as (

    select
        group_id,
        entity,
        indicator,
        preference,
        table_weight,
        value
    from {{ points }}

),

ends as (

    select
        group_id,
        indicator,
        min(value) as low,
        max(value) as high,
        count(value) as held
    from points
    group by group_id, indicator

),

scaled as (

    select
        points.group_id,
        points.entity,
        points.indicator,
        points.table_weight,
        ends.held,
        case
            when points.preference > 0
                then (points.value - ends.low) / nullif(ends.high - ends.low, 0)
            else (ends.high - points.value) / nullif(ends.high - ends.low, 0)
        end as scaled_value
    from points
    inner join ends
        on points.group_id = ends.group_id and points.indicator = ends.indicator

),

columns_summed as (

    select
        group_id,
        indicator,
        {{ exact_sum('scaled_value') }} as whole
    from scaled
    group by group_id, indicator

),

shared as (

    select
        scaled.group_id,
        scaled.entity,
        scaled.indicator,
        scaled.table_weight,
        scaled.held,
        scaled.scaled_value / nullif(columns_summed.whole, 0) as share
    from scaled
    inner join columns_summed
        on
            scaled.group_id = columns_summed.group_id
            and scaled.indicator = columns_summed.indicator
    where scaled.scaled_value is not null

),

logged as (

    select
        group_id,
        indicator,
        max(table_weight) as table_weight,
        max(held) as held,
        {{ exact_sum('case when share > 0 then share * ln(share) else share end') }} as share_logs
    from shared
    group by group_id, indicator

),

highest as (

    select
        group_id,
        max(table_weight) as table_weight
    from logged
    group by group_id

),

raw_weights as (

    select
        logged.group_id,
        logged.indicator,
        weightings.weighting,
        case weightings.weighting
            when 'entropy' then 1 + logged.share_logs / nullif(ln(logged.held), 0)
            when 'table' then logged.table_weight / nullif(highest.table_weight, 0)
            else 1
        end as raw_weight
    from logged
    inner join highest on logged.group_id = highest.group_id
    cross join (values ('entropy'), ('table'), ('equal')) as weightings (weighting)

),

weights_summed as (

    select
        group_id,
        weighting,
        {{ exact_sum('raw_weight') }} as whole
    from raw_weights
    group by group_id, weighting

),

weights as (

    select
        raw_weights.group_id,
        raw_weights.indicator,
        raw_weights.weighting,
        raw_weights.raw_weight / nullif(weights_summed.whole, 0) as indicator_weight
    from raw_weights
    inner join weights_summed
        on
            raw_weights.group_id = weights_summed.group_id
            and raw_weights.weighting = weights_summed.weighting

),

-- All sums of an entity at once, by the weights of the group: what it lacks is divided out below.
summed as (

    select
        scaled.group_id,
        weights.weighting,
        scaled.entity,
        {{ exact_sum('weights.indicator_weight') }} as weight_held,
        {{ exact_sum('weights.indicator_weight * scaled.scaled_value') }} as value_sum,
        sqrt({{ exact_sum('power(weights.indicator_weight * scaled.scaled_value, 2)') }})
            as to_worst,
        sqrt({{ exact_sum('power(weights.indicator_weight * (1 - scaled.scaled_value), 2)') }})
            as to_best
    from scaled
    inner join weights
        on scaled.group_id = weights.group_id and scaled.indicator = weights.indicator
    where scaled.scaled_value is not null
    group by scaled.group_id, weights.weighting, scaled.entity

),

entity_scores as (

    select
        *,
        value_sum / nullif(weight_held, 0) as score,
        to_worst / nullif(to_worst + to_best, 0) as topsis_score
    from summed

),

best as (

    select
        group_id,
        weighting,
        entity
    from (
        select
            group_id,
            weighting,
            entity,
            row_number() over (
                partition by group_id, weighting
                order by score desc, entity
            ) as place
        from entity_scores
    ) as placed_entities
    where place = 1

),

entities as (

    select
        entity_scores.group_id,
        entity_scores.weighting,
        entity_scores.entity,
        entity_scores.weight_held,
        entity_scores.score,
        entity_scores.topsis_score,
        best.entity as best_entity
    from entity_scores
    inner join best
        on
            entity_scores.group_id = best.group_id
            and entity_scores.weighting = best.weighting

),

-- What each entity has of every indicator of its group, also of those that it lacks.
scored as (

    select
        entities.group_id,
        entities.weighting,
        entities.entity,
        entities.score,
        entities.topsis_score,
        entities.best_entity,
        weights.indicator,
        weights.indicator_weight,
        scaled.scaled_value,
        case
            when scaled.scaled_value is not null
                then weights.indicator_weight / nullif(entities.weight_held, 0)
        end as own_weight
    from entities
    inner join weights
        on entities.group_id = weights.group_id and entities.weighting = weights.weighting
    left join scaled
        on
            entities.group_id = scaled.group_id
            and entities.entity = scaled.entity
            and weights.indicator = scaled.indicator

),

best_values as (

    select
        group_id,
        weighting,
        indicator,
        own_weight * scaled_value as weighted_value
    from scored
    where entity = best_entity

)

select
    scored.group_id,
    scored.weighting,
    scored.entity,
    scored.indicator,
    scored.scaled_value,
    scored.indicator_weight,
    scored.own_weight,
    scored.own_weight * scored.scaled_value as weighted_value,
    case
        when scored.own_weight is null then best_values.weighted_value
        when best_values.weighted_value is null then -(scored.own_weight * scored.scaled_value)
        else best_values.weighted_value - scored.own_weight * scored.scaled_value
    end as gap_contribution,
    scored.best_entity,
    scored.score,
    scored.topsis_score
from scored
inner join best_values
    on
        scored.group_id = best_values.group_id
        and scored.weighting = best_values.weighting
        and scored.indicator = best_values.indicator
{% endmacro %}

{#
  A sum of numbers of the size of one, the same in whatever order they come: whole steps of 1e-28 are
  added, of which a double near one has 53 bits. An ordered sum of doubles has to sort its rows.
#}
{% macro exact_sum(value) -%}
    cast(sum(cast({{ value }} as decimal(38, 28))) as double)
{%- endmacro %}
