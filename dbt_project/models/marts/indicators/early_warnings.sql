-- Where the trend of the past misses a target or a park's own peaking plan: by how much, and from
-- which year on. Trends are mean yearly rates over the years held.
with targets as (

    select * from {{ ref('int_targets__targets_chained') }}

),

measures as (

    select * from {{ ref('int_targets__measures_united') }}

),

park_year as (

    select * from {{ ref('park_year') }}

),

park_peak_plans as (

    select * from {{ ref('park_peak_plans') }}
    where has_plan and peak_co2_t is not null and peak_year is not null

),

parks as (

    select * from {{ ref('parks') }}

),

settings as (

    select {{ threshold('warning_gap_rate') }} as warning_gap_rate

),

-- A park's plan is compared with CO2 of the same boundary only.
park_co2 as (

    select
        park_year.park_id,
        park_year.method,
        park_year.year,
        park_year.co2_t,
        {{ origin_rank('park_year.origin') }} as origin_rank
    from park_year
    inner join park_peak_plans
        on
            park_year.park_id = park_peak_plans.park_id
            and park_year.co2_boundary = park_peak_plans.boundary
    where park_year.co2_t > 0

),

park_methods as (

    select distinct
        park_id,
        method
    from park_co2

),

series as (

    select
        'park' as entity_type,
        park_id as entity,
        'peak_plan' as target,
        method,
        year,
        co2_t as value,
        origin_rank
    from park_co2
    union all
    select
        'region' as entity_type,
        region_code as entity,
        parameter as target,
        method,
        year,
        value,
        origin_rank
    from measures
    where value > 0

),

spans as (

    select
        entity_type,
        entity,
        target,
        method,
        min(year) as first_year,
        max(year) as last_year,
        max(origin_rank) as origin_rank
    from series
    group by entity_type, entity, target, method
    having count(*) > 1

),

trends as (

    select
        spans.entity_type,
        spans.entity,
        spans.target,
        spans.method,
        spans.last_year,
        last_values.value as last_value,
        spans.origin_rank,
        power(
            last_values.value / first_values.value, 1e0 / (spans.last_year - spans.first_year)
        ) - 1 as trend_rate
    from spans
    inner join series as first_values
        on
            spans.entity = first_values.entity
            and spans.target = first_values.target
            and spans.method = first_values.method
            and spans.first_year = first_values.year
    inner join series as last_values
        on
            spans.entity = last_values.entity
            and spans.target = last_values.target
            and spans.method = last_values.method
            and spans.last_year = last_values.year

),

-- The way to a region's target at one yearly rate; a park may not exceed its planned peak at all.
limits as (

    select
        'region' as entity_type,
        targets.region_code as entity,
        targets.region_code,
        cast(null as {{ type_name('varchar') }}) as park_id,
        targets.parameter as target,
        targets.plan_id,
        targets.method,
        targets.target_year,
        targets.target_value as limit_value,
        power(
            targets.target_value / nullif(targets.base_value, 0),
            1e0 / nullif(targets.target_year - targets.base_year, 0)
        ) - 1 as limit_rate
    from targets
    union all
    select
        'park' as entity_type,
        park_peak_plans.park_id as entity,
        parks.region_code,
        park_peak_plans.park_id,
        'peak_plan' as target,
        'peak_plan' as plan_id,
        park_methods.method,
        park_peak_plans.peak_year as target_year,
        park_peak_plans.peak_co2_t as limit_value,
        0e0 as limit_rate
    from park_peak_plans
    inner join parks on park_peak_plans.park_id = parks.park_id
    inner join park_methods on park_peak_plans.park_id = park_methods.park_id

),

projected as (

    select
        limits.entity_type,
        limits.entity,
        limits.region_code,
        limits.park_id,
        limits.target,
        limits.plan_id,
        limits.method,
        limits.target_year,
        limits.limit_value,
        limits.limit_rate,
        trends.last_year,
        trends.last_value,
        trends.trend_rate,
        trends.origin_rank,
        trends.last_value * power(1 + trends.trend_rate, limits.target_year - trends.last_year)
            as projected_value,
        limits.limit_value
        / power(1 + limits.limit_rate, limits.target_year - trends.last_year) as limit_now
    from limits
    inner join trends
        on
            limits.entity_type = trends.entity_type
            and limits.entity = trends.entity
            and limits.target = trends.target
            and limits.method = trends.method
    where limits.target_year > trends.last_year

),

-- From now on the limit moves at one rate and the trend at another: they cross where the ratio of
-- the two is one.
crossed as (

    select
        *,
        case
            when last_value > limit_now then last_year
            when trend_rate > limit_rate
                then
                    last_year + cast(
                        floor(
                            {{ log_ratio('last_value', 'limit_now') }}
                            / nullif({{ log_ratio('(1 + limit_rate)', '(1 + trend_rate)') }}, 0)
                        ) as integer
                    ) + 1
        end as crossing_year
    from projected

),

judged as (

    select
        *,
        projected_value / nullif(limit_value, 0) - 1 as gap_rate,
        case
            when projected_value > limit_value then crossing_year
            when entity_type = 'park' and trend_rate > 0 then target_year + 1
        end as miss_year
    from crossed

),

final as (

    select
        judged.entity_type,
        judged.entity,
        judged.region_code,
        judged.park_id,
        judged.target,
        judged.plan_id,
        judged.method,
        judged.target_year,
        judged.limit_value,
        judged.last_year,
        judged.last_value,
        judged.trend_rate,
        judged.projected_value,
        judged.projected_value - judged.limit_value as gap,
        judged.gap_rate,
        judged.miss_year,
        case
            when judged.miss_year is null then 'none'
            when judged.gap_rate > settings.warning_gap_rate then 'warning'
            else 'watch'
        end as alert,
        case
            when judged.miss_year is null then 'on_course'
            when judged.projected_value > judged.limit_value then 'exceeds_limit'
            else 'rises_past_peak_year'
        end as reason,
        {{ origin_of_rank('greatest(judged.origin_rank, 2)') }} as origin
    from judged
    cross join settings

)

select * from final
order by entity_type, entity, target, plan_id, method
