-- What the running year, the one after the last that is held, comes to for each quantity that a
-- target is set for: by three plain rules side by side, each with its error in the years that are
-- known, judged the same way. No rule is chosen for its result. A rule takes years of one edition
-- or chain alone. An indicator that an item of the assessment is measured by rests on its clause,
-- any other on the plan that asks for flash reports.
{% set years = 'cast(' ~ threshold('forecast_years') ~ ' as integer)' %}

with measured as (

    select * from {{ ref('target_indicators') }}
    where
        method in ('{{ var("default_method") }}', '{{ var("assessment_account") }}')
        and value > 0

),

clauses as (

    select
        measures.indicator,
        min_by(items.clause_id, measures.assessment_item) as clause_id
    from {{ ref('assessment_measures') }} as measures
    inner join {{ ref('assessment_indicators') }} as items
        on measures.assessment_item = items.assessment_item
    group by measures.indicator

),

standards as (

    select * from {{ ref('standards') }}

),

tracked as (

    select * from {{ ref('target_tracking') }}
    where path_value is not null

),

-- The running year is a row without a value, so that one rule serves it and the years known.
candidates as (

    select
        region_code,
        method,
        indicator,
        series_key,
        preference,
        year,
        value,
        origin_rank
    from measured
    union all
    select
        region_code,
        method,
        indicator,
        max_by(series_key, year) as series_key,
        max_by(preference, year) as preference,
        max(year) + 1 as year,
        cast(null as double) as value,
        max_by(origin_rank, year) as origin_rank
    from measured
    group by region_code, method, indicator

),

-- Spark cannot run a join or a union that reads the threshold itself.
dated as (

    select
        candidates.*,
        {{ years }} as forecast_years
    from candidates

),

placed as (

    select
        candidates.region_code,
        candidates.method,
        candidates.indicator,
        candidates.preference,
        candidates.year,
        candidates.value,
        candidates.origin_rank,
        candidates.forecast_years,
        before.value as value_before,
        second.value as value_second,
        earlier.value as value_earlier
    from dated as candidates
    inner join measured as before
        on
            candidates.region_code = before.region_code
            and candidates.method = before.method
            and candidates.indicator = before.indicator
            and candidates.series_key = before.series_key
            and candidates.year = before.year + 1
    left join measured as second
        on
            candidates.region_code = second.region_code
            and candidates.method = second.method
            and candidates.indicator = second.indicator
            and candidates.series_key = second.series_key
            and candidates.year = second.year + 2
    left join measured as earlier
        on
            candidates.region_code = earlier.region_code
            and candidates.method = earlier.method
            and candidates.indicator = earlier.indicator
            and candidates.series_key = earlier.series_key
            and candidates.year - candidates.forecast_years = earlier.year + 1

),

forecast as (

    select
        placed.*,
        'last_value' as forecast_basis,
        value_before as forecast_value
    from placed
    union all
    select
        placed.*,
        'last_change' as forecast_basis,
        value_before * value_before / nullif(value_second, 0) as forecast_value
    from placed
    union all
    select
        placed.*,
        'mean_change' as forecast_basis,
        value_before
        * power(value_before / nullif(value_earlier, 0), 1e0 / nullif(forecast_years, 0))
            as forecast_value
    from placed

),

errors as (

    select
        region_code,
        method,
        indicator,
        forecast_basis,
        count(*) as tested_count,
        avg(abs(forecast_value / value - 1)) as mean_absolute_error
    from forecast
    where value is not null and forecast_value is not null
    group by region_code, method, indicator, forecast_basis

),

running as (

    select * from forecast
    where value is null and forecast_value is not null

),

final as (

    select
        running.region_code,
        running.method,
        running.indicator,
        running.year,
        running.forecast_basis,
        running.value_before as last_value,
        running.forecast_value,
        cast(errors.tested_count as integer) as tested_count,
        errors.mean_absolute_error,
        tracked.plan_id,
        tracked.provenance,
        tracked.path_value as target_path_value,
        running.preference * (1 - running.forecast_value / nullif(tracked.path_value, 0))
            as forecast_gap_rate,
        case
            when tracked.path_value is null then 'no_target'
            when
                {{ is_below(
                    'running.preference * running.forecast_value',
                    'running.preference * tracked.path_value',
                    'abs(tracked.path_value)'
                ) }}
                then 'off_path'
            else 'on_path'
        end as forecast_status,
        case when errors.tested_count is null then 'not_tested' end as refusal,
        standards.clause_id,
        standards.clause_status,
        {{ origin_of_rank('greatest(2, running.origin_rank)') }} as origin
    from running
    left join errors
        on
            running.region_code = errors.region_code
            and running.method = errors.method
            and running.indicator = errors.indicator
            and running.forecast_basis = errors.forecast_basis
    left join tracked
        on
            running.region_code = tracked.region_code
            and running.method = tracked.method
            and running.indicator = tracked.indicator
            and running.year = tracked.year
    left join clauses on running.indicator = clauses.indicator
    left join standards
        on coalesce(clauses.clause_id, 'carbon_statistics_plan_2024') = standards.clause_id

)

select * from final
order by region_code, method, indicator, forecast_basis, plan_id
