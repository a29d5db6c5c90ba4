-- The way to each target, year by year at one yearly rate, beside what was reached; and the
-- quantity that the way allows at the activity there was. A target is compared only with what has
-- its boundary and scope, and a year only with one of the same edition or chain: else `refusal`. A
-- target that was returned for a year alone is its own way. Above 0 `gap_rate` is behind, whichever
-- way is better.
with targets as (

    select * from {{ ref('targets') }}

),

indicator_values as (

    select * from {{ ref('target_indicators') }}

),

numbers as (

    {{ whole_numbers() | indent }}

),

returned as (

    select * from {{ ref('int_assessment__values_returned') }}
    where target_value is not null or refusal is not null

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
        targets.preference,
        targets.refusal as target_refusal,
        targets.base_value,
        targets.target_value,
        targets.base_year + numbers.number as year,
        -- At one yearly rate nothing comes from or to what is not above zero.
        case
            when targets.base_value > 0 and targets.target_value >= 0
                then
                    targets.base_value * power(
                        targets.target_value / nullif(targets.base_value, 0),
                        numbers.number / nullif(targets.target_year - targets.base_year, 0)
                    )
        end as path_value
    from targets
    inner join numbers
        on numbers.number > 0 and numbers.number <= targets.target_year - targets.base_year
    {% for is_beside in [false, true] %}
        union all
        select
            'year/' || region_code || '/' || indicator as plan_id,
            region_code,
            indicator,
            {% if is_beside %}
                '{{ var("default_method") }}' as method,
            {% else %}
                case indicator_method
                    when 'assessment_account' then '{{ var("assessment_account") }}'
                    else '{{ var("default_method") }}'
                end as method,
            {% endif %}
            cast(null as integer) as base_year,
            year as target_year,
            'region' as boundary,
            case
                when indicator_method = 'assessment_account' then 'direct_and_indirect' else 'none'
            end as co2_scope,
            provenance,
            source_id,
            unit as quantity_unit,
            cast(null as {{ type_name('varchar') }}) as series_key,
            preference,
            refusal as target_refusal,
            cast(null as double) as base_value,
            target_value,
            year,
            target_value as path_value
        from returned
        {% if is_beside %}where indicator_method = 'assessment_account'{% endif %}
    {% endfor %}

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
        case when refusal is null and path_value is not null then value end as actual_value,
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
        preference * (1 - actual_value / nullif(path_value, 0)) as gap_rate,
        case
            when actual_value is null then 'not_known'
            when preference * actual_value >= preference * path_value then 'on_path'
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
