-- Good, fair or poor condition to peak, what follows from it, who is exempt from inspection and who
-- is watched, and what changed since the year before.
with criteria as (

    select * from {{ ref('park_management_criteria') }}

),

conditions as (

    select
        *,
        mean_points_min - {{ threshold('float_closure') }} * mean_points_min as mean_points_edge,
        {{ threshold('management_criteria_min') }} as criteria_min
    from {{ ref('management_conditions') }}

),

standards as (

    select * from {{ ref('standards') }}

),

evaluations as (

    select * from {{ ref('park_evaluation') }}
    where
        set_id = '{{ var("management_set") }}'
        and weighting = '{{ var("management_weighting") }}'

),

red_codes as (

    select
        park_id,
        year,
        max(colour) as colour
    from {{ ref('park_carbon_codes') }}
    where is_in_jurisdiction and colour = 'red'
    group by park_id, year

),

-- A warning is of the trend up to the last year.
alerts as (

    select
        park_id,
        last_year as year,
        count(*) as alert_count
    from {{ ref('early_warnings') }}
    where
        entity_type = 'park'
        and alert in ('watch', 'warning')
        and method = '{{ var("default_method") }}'
    group by park_id, last_year

),

counted as (

    select
        park_id,
        year,
        count(points) as criteria_count,
        avg(cast(points as double)) as mean_points,
        min(clause_id) as criteria_clause_id,
        max({{ origin_rank('origin') }}) as origin_rank
    from criteria
    group by park_id, year

),

-- The best condition whose mean is reached.
judged as (

    select
        counted.park_id,
        counted.year,
        counted.criteria_count,
        counted.mean_points,
        counted.origin_rank,
        conditions.condition,
        conditions.points,
        conditions.action_zh,
        conditions.action_en,
        -- Without a condition, the clause of the criteria that are too few.
        coalesce(conditions.clause_id, counted.criteria_clause_id) as clause_id,
        row_number() over (
            partition by counted.park_id, counted.year
            order by conditions.points desc
        ) as place
    from counted
    left join conditions
        on
            counted.criteria_count >= conditions.criteria_min
            and counted.mean_points >= conditions.mean_points_edge

),

listed as (

    select
        judged.*,
        evaluations.quartile,
        case
            when judged.condition = 'poor' then 'poor_condition'
            when red_codes.colour is not null then 'red_code'
            when alerts.alert_count > 0 then 'alert'
            when judged.condition = 'good' and evaluations.quartile = 1
                then 'good_and_first_quartile'
        end as list_reason
    from judged
    left join evaluations
        on judged.park_id = evaluations.park_id and judged.year = evaluations.year
    left join red_codes
        on judged.park_id = red_codes.park_id and judged.year = red_codes.year
    left join alerts
        on judged.park_id = alerts.park_id and judged.year = alerts.year
    where judged.place = 1

),

named as (

    select
        *,
        case
            when list_reason is null then 'none'
            when list_reason = 'good_and_first_quartile' then 'exempt'
            else 'watch'
        end as management_list
    from listed

),

followed as (

    select
        *,
        lag(year) over held as year_before,
        lag(condition) over held as condition_before,
        lag(points) over held as points_before,
        lag(management_list) over held as list_before
    from named
    window held as (partition by park_id order by year)

),

final as (

    select
        followed.park_id,
        followed.year,
        followed.condition,
        followed.mean_points,
        cast(followed.criteria_count as integer) as criteria_count,
        followed.action_zh,
        followed.action_en,
        followed.quartile,
        followed.management_list,
        followed.list_reason,
        case when followed.year_before = followed.year - 1 then followed.condition_before end
            as previous_condition,
        case when followed.year_before = followed.year - 1 then followed.list_before end
            as previous_list,
        case
            when followed.condition is null then null
            when followed.year_before is null or followed.year_before < followed.year - 1
                then 'first_year'
            when followed.condition_before is null then 'first_year'
            when followed.points > followed.points_before then 'better'
            when followed.points < followed.points_before then 'worse'
            else 'same'
        end as condition_change,
        case
            when followed.year_before is null or followed.year_before < followed.year - 1
                then 'first_year'
            when followed.management_list = followed.list_before then 'same'
            when followed.list_before = 'none' then 'joined'
            when followed.management_list = 'none' then 'left'
            else 'moved'
        end as list_change,
        case when followed.condition is null then 'too_few_criteria' end as refusal,
        followed.clause_id,
        standards.clause_status,
        {{ origin_of_rank('followed.origin_rank') }} as origin
    from followed
    left join standards on followed.clause_id = standards.clause_id

)

select * from final
order by park_id, year
