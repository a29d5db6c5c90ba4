-- Each item of the yearly assessment for each province and city. An item is met where every target
-- of its quantities is, and missed where one is; only a sourced target is a basis.
with items as (

    select * from {{ ref('assessment_indicators') }}

),

measures as (

    select * from {{ ref('assessment_measures') }}

),

standards as (

    select * from {{ ref('standards') }}

),

plan_values as (

    select * from {{ ref('plan_values') }}

),

tracked as (

    select * from {{ ref('target_tracking') }}
    where method = '{{ var("default_method") }}'

),

region_years as (

    {% for level in ['province', 'city'] %}
        select
            region_code,
            year,
            default_method
        from {{ ref(level ~ '_year') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

planned as (

    select distinct
        region_code,
        indicator
    from plan_values

),

-- What each quantity of an item comes to.
judged as (

    select
        measures.assessment_item,
        region_years.region_code,
        region_years.year,
        measures.indicator,
        count(planned.indicator) as plans_count,
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
    left join tracked
        on
            region_years.region_code = tracked.region_code
            and region_years.year = tracked.year
            and measures.indicator = tracked.indicator
    group by
        measures.assessment_item,
        region_years.region_code,
        region_years.year,
        measures.indicator

),

measured as (

    select
        assessment_item,
        region_code,
        year,
        count(*) as quantities,
        count(case when plans_count > 0 then 1 end) as plans_count,
        count(case when missed > 0 then 1 end) as missed,
        count(case when met > 0 and missed = 0 then 1 end) as met,
        max(refusal) as refusal,
        sum(not_sourced) as not_sourced,
        max(case when met + missed > 0 then gap_rate end) as gap_rate,
        max(origin_rank) as origin_rank
    from judged
    group by assessment_item, region_code, year

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
        cast(measured.plans_count as integer) as plans_count,
        measured.gap_rate,
        case
            when measured.missed > 0 then 'missed'
            when measured.met = measured.quantities then 'met'
            else 'no_basis'
        end as item_result,
        case
            when measured.missed > 0 then 'off_path'
            when measured.met = measured.quantities then 'on_path'
            when measured.quantities is null then 'not_measured'
            when measured.plans_count < measured.quantities then 'no_target'
            when measured.refusal is not null then measured.refusal
            when measured.not_sourced > 0 then 'target_not_sourced'
            else 'no_value'
        end as reason,
        region_years.year >= standards.year_from as is_in_force,
        items.clause_id,
        standards.clause_status,
        case
            when measured.origin_rank is null then 'derived'
            else {{ origin_of_rank('greatest(2, measured.origin_rank)') }}
        end as origin
    from region_years
    cross join items
    inner join standards on items.clause_id = standards.clause_id
    left join measured
        on
            items.assessment_item = measured.assessment_item
            and region_years.region_code = measured.region_code
            and region_years.year = measured.year

)

select * from final
order by region_code, year, assessment_item
