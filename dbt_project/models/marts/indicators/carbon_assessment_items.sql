-- Each item of the yearly assessment for each province and city. An item is met where every target
-- of its quantities is, and missed where one is; only a sourced target is a basis. What the
-- assessment has an account for is judged by it; what the default method says stands beside.
with items as (

    select * from {{ ref('assessment_indicators') }}

),

-- What is judged by the assessment account stands a second time, as the default method has it.
measures as (

    select
        assessment_item,
        indicator,
        indicator_method,
        case indicator_method
            when 'assessment_account' then '{{ var("assessment_account") }}'
            else '{{ var("default_method") }}'
        end as method,
        true as is_judging,
        indicator_method <> 'assessment_account' as is_beside
    from {{ ref('assessment_measures') }}
    union all
    select
        assessment_item,
        indicator,
        indicator_method,
        '{{ var("default_method") }}' as method,
        false as is_judging,
        true as is_beside
    from {{ ref('assessment_measures') }}
    where indicator_method = 'assessment_account'

),

standards as (

    select * from {{ ref('standards') }}

),

plan_values as (

    select * from {{ ref('plan_values') }}

),

tracked as (

    select * from {{ ref('target_tracking') }}

),

region_years as (

    {% for level in ['province', 'city'] %}
        select
            region_code,
            year,
            default_method
        from {{ ref(level ~ '_year') }}
        union
    {% endfor %}
    select
        region_code,
        year,
        '{{ var("default_method") }}' as default_method
    from {{ ref('int_assessment__values_returned') }}

),

planned as (

    select
        region_code,
        indicator
    from plan_values
    union
    select
        region_code,
        indicator
    from tracked

),

returned as (

    select distinct
        region_code,
        year,
        indicator
    from {{ ref('int_assessment__values_returned') }}
    where reached_value is not null

),

-- What each quantity of an item comes to.
judged as (

    select
        measures.assessment_item,
        region_years.region_code,
        region_years.year,
        measures.indicator,
        measures.method,
        measures.is_judging,
        measures.is_beside,
        count(planned.indicator) as plans_count,
        count(
            case
                when measures.indicator_method = 'returned' and returned.indicator is null then 1
            end
        ) as not_returned,
        count(
            case
                when tracked.provenance = 'sourced' and tracked.path_status = 'off_path' then 1
            end
        ) as missed,
        count(
            case
                when tracked.provenance = 'sourced' and tracked.path_status = 'on_path' then 1
            end
        ) as met,
        max(tracked.refusal) as refusal,
        count(case when tracked.provenance <> 'sourced' then 1 end) as not_sourced,
        max(tracked.gap_rate) as gap_rate,
        max(
            case when tracked.origin is not null then {{ origin_rank('tracked.origin') }} end
        ) as origin_rank
    from region_years
    cross join measures
    left join planned
        on
            region_years.region_code = planned.region_code
            and measures.indicator = planned.indicator
    left join returned
        on
            region_years.region_code = returned.region_code
            and region_years.year = returned.year
            and measures.indicator = returned.indicator
    left join tracked
        on
            region_years.region_code = tracked.region_code
            and region_years.year = tracked.year
            and measures.indicator = tracked.indicator
            and measures.method = tracked.method
    group by
        measures.assessment_item,
        region_years.region_code,
        region_years.year,
        measures.indicator,
        measures.method,
        measures.is_judging,
        measures.is_beside

),

measured as (

    {% for side in ['is_judging', 'is_beside'] %}
        select
            assessment_item,
            region_code,
            year,
            '{{ side }}' as side,
            max(method) as method,
            count(*) as quantities,
            count(case when plans_count > 0 then 1 end) as plans_count,
            sum(not_returned) as not_returned,
            count(case when missed > 0 then 1 end) as missed,
            count(case when met > 0 and missed = 0 then 1 end) as met,
            max(refusal) as refusal,
            sum(not_sourced) as not_sourced,
            max(case when met + missed > 0 then gap_rate end) as gap_rate,
            max(origin_rank) as origin_rank
        from judged
        where {{ side }}
        group by assessment_item, region_code, year
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

results as (

    select
        *,
        case
            when missed > 0 then 'missed'
            when met = quantities then 'met'
            else 'no_basis'
        end as item_result,
        case
            when missed > 0 then 'off_path'
            when met = quantities then 'on_path'
            when not_returned > 0 then coalesce(refusal, 'not_returned')
            when plans_count < quantities then 'no_target'
            when refusal is not null then refusal
            when not_sourced > 0 then 'target_not_sourced'
            else 'no_value'
        end as reason
    from measured

),

final as (

    select
        region_years.region_code,
        region_years.year,
        region_years.default_method,
        items.assessment_item,
        items.assessment_class,
        items.label_zh,
        items.label_en,
        results.method,
        cast(results.plans_count as integer) as plans_count,
        results.gap_rate,
        coalesce(results.item_result, 'no_basis') as item_result,
        coalesce(results.reason, 'not_measured') as reason,
        beside.gap_rate as default_method_gap_rate,
        beside.item_result as default_method_result,
        region_years.year >= standards.year_from as is_in_force,
        items.clause_id,
        standards.clause_status,
        case
            when results.origin_rank is null then 'derived'
            else {{ origin_of_rank('greatest(2, results.origin_rank)') }}
        end as origin
    from region_years
    cross join items
    inner join standards on items.clause_id = standards.clause_id
    left join results
        on
            items.assessment_item = results.assessment_item
            and region_years.region_code = results.region_code
            and region_years.year = results.year
            and results.side = 'is_judging'
    left join results as beside
        on
            items.assessment_item = beside.assessment_item
            and region_years.region_code = beside.region_code
            and region_years.year = beside.year
            and beside.side = 'is_beside'

)

select * from final
order by region_code, year, assessment_item
