-- Where the trend of the past misses a target or a park's own peaking plan: by how much, and from
-- which year on. Trends are mean yearly rates over the years held that compare with the target. An
-- alert needs a basis: a target that is sourced, of the boundary and scope of what is measured, and
-- a trend within one edition or chain. Without one the row says `no_basis`, and why.
with targets as (

    select * from {{ ref('targets') }}

),

indicator_values as (

    select * from {{ ref('target_indicators') }}

),

park_year as (

    select * from {{ ref('park_year_by_method') }}

),

park_peak_plans as (

    select * from {{ ref('park_peak_plans') }}
    where plan_answer = 'yes' and peak_co2_t is not null and peak_year is not null

),

park_counting_rules as (

    select * from {{ ref('park_counting_rules') }}

),

parks as (

    select * from {{ ref('parks') }}

),

settings as (

    select
        {{ threshold('warning_gap_rate') }} as warning_gap_rate,
        {{ threshold('plan_base_difference_max') }} as plan_base_difference_max

),

park_co2 as (

    select
        park_year.park_id,
        park_year.method,
        park_year.year,
        park_year.co2_t,
        park_year.co2_boundary,
        {{ origin_rank('park_year.origin') }} as origin_rank
    from park_year
    inner join park_peak_plans on park_year.park_id = park_peak_plans.park_id
    where park_year.co2_t > 0

),

park_methods as (

    select
        park_co2.park_id,
        park_co2.method,
        max(case when park_co2.year = park_peak_plans.base_year then park_co2.co2_t end)
            as account_base_co2_t,
        count(case when park_co2.co2_boundary = park_peak_plans.boundary then 1 end)
            as comparable_years
    from park_co2
    inner join park_peak_plans on park_co2.park_id = park_peak_plans.park_id
    group by park_co2.park_id, park_co2.method

),

park_scopes as (

    select
        method,
        case
            when count(case when scope = '2' then 1 end) > 0 then 'direct_and_indirect'
            else 'direct'
        end as co2_scope
    from park_counting_rules
    group by method

),

-- A plan that does not state its scope is compared with the accounts that have its base.
park_limits as (

    select
        park_peak_plans.park_id,
        parks.region_code,
        park_methods.method,
        park_peak_plans.peak_year,
        park_peak_plans.peak_co2_t,
        park_peak_plans.boundary,
        coalesce(park_peak_plans.co2_scope, 'unstated') as co2_scope,
        case park_peak_plans.origin
            when 'observed' then 'sourced'
            when 'derived' then 'inferred'
            else 'assumption'
        end as provenance,
        park_peak_plans.source_id,
        case
            when park_methods.comparable_years = 0 then 'other_boundary'
            when park_peak_plans.co2_scope <> park_scopes.co2_scope then 'other_scope'
            when
                abs(park_methods.account_base_co2_t / nullif(park_peak_plans.base_co2_t, 0) - 1)
                > settings.plan_base_difference_max
                then 'other_base'
            when
                park_peak_plans.co2_scope is null
                and (
                    park_methods.account_base_co2_t is null or park_peak_plans.base_co2_t is null
                )
                then 'scope_unstated'
        end as refusal
    from park_peak_plans
    inner join parks on park_peak_plans.park_id = parks.park_id
    inner join park_methods on park_peak_plans.park_id = park_methods.park_id
    inner join park_scopes on park_methods.method = park_scopes.method
    cross join settings

),

series as (

    select
        'park' as entity_type,
        park_co2.park_id as entity,
        'peak_plan' as indicator,
        park_co2.method,
        'returns' as series_key,
        park_co2.year,
        park_co2.co2_t as value,
        park_co2.origin_rank
    from park_co2
    inner join park_peak_plans
        on
            park_co2.park_id = park_peak_plans.park_id
            and park_co2.co2_boundary = park_peak_plans.boundary
    union all
    select
        'region' as entity_type,
        region_code as entity,
        indicator,
        method,
        series_key,
        year,
        value,
        origin_rank
    from indicator_values
    where value > 0

),

spans as (

    select
        entity_type,
        entity,
        indicator,
        method,
        series_key,
        min(year) as first_year,
        max(year) as last_year,
        max(origin_rank) as origin_rank
    from series
    group by entity_type, entity, indicator, method, series_key
    having count(*) > 1

),

trends as (

    select
        spans.entity_type,
        spans.entity,
        spans.indicator,
        spans.method,
        spans.series_key,
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
            and spans.indicator = first_values.indicator
            and spans.method = first_values.method
            and spans.series_key = first_values.series_key
            and spans.first_year = first_values.year
    inner join series as last_values
        on
            spans.entity = last_values.entity
            and spans.indicator = last_values.indicator
            and spans.method = last_values.method
            and spans.series_key = last_values.series_key
            and spans.last_year = last_values.year

),

-- The way to a region's target at one yearly rate; a park may not exceed its planned peak at all.
limits as (

    select
        'region' as entity_type,
        region_code as entity,
        region_code,
        cast(null as {{ type_name('varchar') }}) as park_id,
        indicator,
        plan_id,
        method,
        series_key,
        target_year,
        boundary,
        co2_scope,
        provenance,
        source_id,
        refusal,
        preference,
        target_value as limit_value,
        power(
            target_value / nullif(base_value, 0), 1e0 / nullif(target_year - base_year, 0)
        ) - 1 as limit_rate
    from targets
    union all
    select
        'park' as entity_type,
        park_id as entity,
        region_code,
        park_id,
        'peak_plan' as indicator,
        'peak_plan' as plan_id,
        method,
        'returns' as series_key,
        peak_year as target_year,
        boundary,
        co2_scope,
        provenance,
        source_id,
        refusal,
        -1 as preference,
        peak_co2_t as limit_value,
        0e0 as limit_rate
    from park_limits

),

held as (

    select
        entity_type,
        entity,
        indicator,
        method,
        count(distinct series_key) as series_count
    from series
    group by entity_type, entity, indicator, method

),

projected as (

    select
        limits.entity_type,
        limits.entity,
        limits.region_code,
        limits.park_id,
        limits.indicator,
        limits.plan_id,
        limits.method,
        limits.target_year,
        limits.boundary,
        limits.co2_scope,
        limits.provenance,
        limits.source_id,
        coalesce(
            limits.refusal,
            case
                when trends.trend_rate is not null then null
                when held.series_count > 1 then 'two_editions'
                else 'no_trend'
            end,
            case when limits.provenance <> 'sourced' then 'target_not_sourced' end
        ) as refusal,
        limits.preference,
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
    left join trends
        on
            limits.entity_type = trends.entity_type
            and limits.entity = trends.entity
            and limits.indicator = trends.indicator
            and limits.method = trends.method
            and limits.series_key = trends.series_key
            and limits.refusal is null
    left join held
        on
            limits.entity_type = held.entity_type
            and limits.entity = held.entity
            and limits.indicator = held.indicator
            and limits.method = held.method
    where trends.last_year is null or limits.target_year > trends.last_year

),

-- From now on the limit moves at one rate and the trend at another: they cross where the ratio of
-- the two is one.
crossed as (

    select
        *,
        case
            when preference * last_value < preference * limit_now then last_year
            when preference * trend_rate < preference * limit_rate
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
        case when refusal is null then preference * (limit_value - projected_value) end as gap,
        case
            when refusal is null
                then preference * (1 - projected_value / nullif(limit_value, 0))
        end as gap_rate,
        case
            when refusal is not null then null
            when preference * projected_value < preference * limit_value then crossing_year
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
        judged.indicator,
        judged.plan_id,
        judged.method,
        judged.target_year,
        judged.boundary,
        judged.co2_scope,
        judged.provenance,
        judged.source_id,
        judged.limit_value,
        judged.last_year,
        judged.last_value,
        judged.trend_rate,
        judged.projected_value,
        judged.gap,
        judged.gap_rate,
        judged.miss_year,
        case
            when judged.refusal is not null then 'no_basis'
            when judged.miss_year is null then 'none'
            when judged.gap_rate > settings.warning_gap_rate then 'warning'
            else 'watch'
        end as alert,
        case
            when judged.refusal is not null then judged.refusal
            when judged.miss_year is null then 'on_course'
            when judged.gap > 0 then 'exceeds_limit'
            else 'rises_past_peak_year'
        end as reason,
        case
            when judged.origin_rank is null then 'reconstructed'
            else {{ origin_of_rank('greatest(judged.origin_rank, 2)') }}
        end as origin
    from judged
    cross join settings

)

select * from final
order by entity_type, entity, indicator, plan_id, method
