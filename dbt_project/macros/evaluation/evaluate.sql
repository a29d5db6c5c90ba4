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

shared as (

    select
        *,
        scaled_value / nullif(sum(scaled_value) over whole_column, 0) as share
    from scaled
    window
        whole_column as (
            partition by group_id, indicator
            order by entity
            rows between unbounded preceding and unbounded following
        )

),

logged as (

    select
        group_id,
        indicator,
        table_weight,
        held,
        scaled_value,
        sum(case when share > 0 then share * ln(share) else share end) over whole_column
            as share_logs
    from shared
    window
        whole_column as (
            partition by group_id, indicator
            order by entity
            rows between unbounded preceding and unbounded following
        )

),

raw_weights as (

    select
        logged.group_id,
        logged.indicator,
        weightings.weighting,
        max(
            case weightings.weighting
                when 'entropy' then 1 + logged.share_logs / nullif(ln(logged.held), 0)
                when 'table' then logged.table_weight
                else 1
            end
        ) as raw_weight
    from logged
    cross join (values ('entropy'), ('table'), ('equal')) as weightings (weighting)
    where logged.scaled_value is not null
    group by logged.group_id, logged.indicator, weightings.weighting

),

weights as (

    select
        group_id,
        indicator,
        weighting,
        raw_weight / nullif(sum(raw_weight) over (
            partition by group_id, weighting
            order by indicator
            rows between unbounded preceding and unbounded following
        ), 0) as indicator_weight
    from raw_weights

),

owned as (

    select
        scaled.group_id,
        weights.weighting,
        scaled.entity,
        scaled.indicator,
        scaled.scaled_value,
        weights.indicator_weight,
        weights.indicator_weight / nullif(sum(weights.indicator_weight) over (
            partition by scaled.group_id, weights.weighting, scaled.entity
            order by scaled.indicator
            rows between unbounded preceding and unbounded following
        ), 0) as own_weight
    from scaled
    inner join weights
        on scaled.group_id = weights.group_id and scaled.indicator = weights.indicator
    where scaled.scaled_value is not null

),

scored as (

    select
        *,
        own_weight * scaled_value as weighted_value,
        sum(own_weight * scaled_value) over whole_row as score,
        sqrt(sum(power(own_weight * scaled_value, 2)) over whole_row) as to_worst,
        sqrt(sum(power(own_weight * (1 - scaled_value), 2)) over whole_row) as to_best
    from owned
    window
        whole_row as (
            partition by group_id, weighting, entity
            order by indicator
            rows between unbounded preceding and unbounded following
        )

),

best as (

    select
        group_id,
        weighting,
        entity,
        row_number() over (
            partition by group_id, weighting
            order by score desc, entity
        ) as place
    from (
        select distinct
            group_id,
            weighting,
            entity,
            score
        from scored
    ) as scores

),

-- What the best of the group has of each indicator, also where an entity has none.
best_values as (

    select
        scored.group_id,
        scored.weighting,
        scored.entity as best_entity,
        scored.indicator,
        scored.weighted_value
    from scored
    inner join best
        on
            scored.group_id = best.group_id
            and scored.weighting = best.weighting
            and scored.entity = best.entity
            and best.place = 1

),

entities as (

    select distinct
        scored.group_id,
        scored.weighting,
        scored.entity,
        scored.score,
        scored.to_worst / nullif(scored.to_worst + scored.to_best, 0) as topsis_score,
        best.entity as best_entity
    from scored
    inner join best
        on
            scored.group_id = best.group_id
            and scored.weighting = best.weighting
            and best.place = 1

)

select
    entities.group_id,
    entities.weighting,
    entities.entity,
    weights.indicator,
    scored.scaled_value,
    weights.indicator_weight,
    scored.own_weight,
    scored.weighted_value,
    case
        when scored.weighted_value is null then best_values.weighted_value
        when best_values.weighted_value is null then -scored.weighted_value
        else best_values.weighted_value - scored.weighted_value
    end as gap_contribution,
    entities.best_entity,
    entities.score,
    entities.topsis_score
from entities
inner join weights
    on entities.group_id = weights.group_id and entities.weighting = weights.weighting
left join scored
    on
        entities.group_id = scored.group_id
        and entities.weighting = scored.weighting
        and entities.entity = scored.entity
        and weights.indicator = scored.indicator
left join best_values
    on
        entities.group_id = best_values.group_id
        and entities.weighting = best_values.weighting
        and weights.indicator = best_values.indicator
{% endmacro %}
