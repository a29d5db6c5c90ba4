-- The way to each target, year by year at one yearly rate, beside what was reached; and the
-- quantity that the way allows at the activity there was. A target is compared only with what has
-- its boundary and scope, and a year only with one of the same edition or chain: else `refusal`.
with targets as (

    select * from {{ ref('targets') }}

),

indicator_values as (

    select * from {{ ref('target_indicators') }}

),

numbers as (

    {{ whole_numbers() | indent }}

),

paths as (

    select
        targets.plan_id,
        targets.region_code,
        targets.indicator,
        targets.method,
        targets.base_year,
        targets.target_year,
        targets.boundary,
        targets.co2_scope,
        targets.provenance,
        targets.source_id,
        targets.quantity_unit,
        targets.series_key,
        targets.refusal as target_refusal,
        targets.base_value,
        targets.target_value,
        targets.base_year + numbers.number as year,
        targets.base_value * power(
            targets.target_value / nullif(targets.base_value, 0),
            numbers.number / nullif(targets.target_year - targets.base_year, 0)
        ) as path_value
    from targets
    inner join numbers
        on numbers.number > 0 and numbers.number <= targets.target_year - targets.base_year

),

met as (

    select
        paths.*,
        indicator_values.value,
        indicator_values.activity,
        indicator_values.origin_rank,
        coalesce(
            paths.target_refusal,
            case when indicator_values.series_key <> paths.series_key then 'two_editions' end
        ) as refusal
    from paths
    left join indicator_values
        on
            paths.region_code = indicator_values.region_code
            and paths.indicator = indicator_values.indicator
            and paths.method = indicator_values.method
            and paths.year = indicator_values.year

),

compared as (

    select
        *,
        case when refusal is null then value end as actual_value,
        case when refusal is null then path_value * activity end as budget,
        case when refusal is null then value * activity end as used
    from met

),

final as (

    select
        plan_id,
        region_code,
        indicator,
        method,
        year,
        base_year,
        target_year,
        boundary,
        co2_scope,
        provenance,
        source_id,
        base_value,
        target_value,
        path_value,
        actual_value,
        actual_value / nullif(path_value, 0) - 1 as gap_rate,
        case
            when actual_value is null then 'not_known'
            when actual_value <= path_value then 'on_path'
            else 'off_path'
        end as path_status,
        refusal,
        quantity_unit,
        budget,
        used,
        budget - used as balance,
        sum(budget - used) over (
            partition by plan_id, method order by year
            rows between unbounded preceding and current row
        ) as cumulative_balance,
        case
            when actual_value is null then 'reconstructed'
            else {{ origin_of_rank('origin_rank') }}
        end as origin
    from compared

)

select * from final
order by region_code, indicator, method, year
