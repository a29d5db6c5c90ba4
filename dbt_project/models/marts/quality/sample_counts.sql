-- Counts that a figure of a report can be compared with, of the sample parks of its region, that
-- hold for no single year, or for no method. Where no park is held there is nothing to count: that
-- is no count of nothing.
with sample_parks as (

    select * from {{ ref('int_report__sample_parks') }}

),

reports as (

    select distinct
        report_id,
        region_code
    from sample_parks

),

regions as (

    select * from {{ ref('regions') }}

),

parks as (

    select
        sample_parks.report_id,
        sample_parks.region_code as report_region_code,
        sample_parks.method as report_method,
        parks.*
    from {{ ref('parks') }} as parks
    inner join sample_parks on parks.park_id = sample_parks.park_id

),

key_parks as (

    select distinct park_id from {{ ref('key_parks') }}

),

-- The rule, not the flag of the registry, says which sample parks are key.
judged_parks as (

    select
        parks.report_id,
        parks.report_region_code,
        parks.park_id,
        case when key_parks.park_id is null then 0 else 1 end as is_key,
        case when parks.is_key then 1 else 0 end as is_flagged_key
    from parks
    left join key_parks on parks.park_id = key_parks.park_id

),

key_counts as (

    {% for indicator, expression in {
        'sample_key': 'sum(is_key)',
        'sample_key_share': 'cast(sum(is_key) as double) / nullif(count(*), 0)',
    }.items() %}
        select
            report_id,
            '{{ indicator }}' as indicator_id,
            report_region_code as region_code,
            cast(null as integer) as year,
            cast({{ expression }} as double) as value,
            'key_parks' as reads,
            'sample' as rows_of
        from judged_parks
        group by report_id, report_region_code
        union all
    {% endfor %}
    select
        report_id,
        'sample_park_is_key' as indicator_id,
        park_id as region_code,
        cast(null as integer) as year,
        cast(is_key as double) as value,
        'key_parks' as reads,
        'sample' as rows_of
    from judged_parks
    union all
    select
        report_id,
        'sample_park_is_flagged_key' as indicator_id,
        park_id as region_code,
        cast(null as integer) as year,
        cast(is_flagged_key as double) as value,
        'parks' as reads,
        'sample' as rows_of
    from judged_parks

),

registry_counts as (

    {% for indicator, expression in {
        'sample_parks': 'count(*)',
        'sample_cities':
            'count(distinct coalesce(regions.prefecture_code, regions.region_code))',
        'sample_national': "sum(case when parks.level = 'national' then 1 else 0 end)",
        'sample_provincial': "sum(case when parks.level = 'provincial' then 1 else 0 end)",
    }.items() %}
        select
            parks.report_id,
            '{{ indicator }}' as indicator_id,
            parks.report_region_code as region_code,
            cast(null as integer) as year,
            cast({{ expression }} as double) as value,
            'parks' as reads,
            'sample' as rows_of
        from parks
        inner join regions on parks.region_code = regions.region_code
        group by parks.report_id, parks.report_region_code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Of an industry: how many parks it leads.
leaders as (

    select
        parks.report_id,
        'leading_parks' as indicator_id,
        park_leading_industries.industry_code as region_code,
        park_leading_industries.year,
        cast(count(*) as double) as value,
        'park_leading_industries' as reads,
        'sample' as rows_of
    from {{ ref('park_leading_industries') }} as park_leading_industries
    inner join parks on park_leading_industries.park_id = parks.park_id
    where
        park_leading_industries.is_leading
        and park_leading_industries.method = parks.report_method
    group by
        parks.report_id, park_leading_industries.industry_code, park_leading_industries.year

),

-- Of a city: how many of the largest emitters lie in it.
top_of_cities as (

    select
        parks.report_id,
        'top_emitters' as indicator_id,
        parks.region_code,
        park_year.year,
        cast(count(*) as double) as value,
        'park_year_by_method' as reads,
        'sample' as rows_of
    from {{ ref('park_year_by_method') }} as park_year
    inner join parks on park_year.park_id = parks.park_id
    where
        park_year.method = parks.report_method
        and park_year.co2_rank_in_set <= {{ threshold('top_parks') }}
    group by parks.report_id, parks.region_code, park_year.year

),

coal_change as (

    select
        parks.report_id,
        parks.report_region_code,
        park_coal_change.*
    from {{ ref('park_coal_change') }} as park_coal_change
    inner join parks on park_coal_change.park_id = parks.park_id

),

coal_counts as (

    {% for indicator, expression in {
        'coal_free': "sum(case when class = 'coal_free' then 1 else 0 end)",
        'coal_cut': "sum(case when class in ('cut_over_20pct', 'cut_10_20pct', 'cut_under_10pct')"
            ~ ' then 1 else 0 end)',
        'coal_cut_over_20pct': "sum(case when class = 'cut_over_20pct' then 1 else 0 end)",
        'coal_cut_10_20pct': "sum(case when class = 'cut_10_20pct' then 1 else 0 end)",
        'coal_cut_under_10pct': "sum(case when class = 'cut_under_10pct' then 1 else 0 end)",
        'coal_increased': "sum(case when class = 'increased' then 1 else 0 end)",
        'coal_period_years': 'max(year_to) - max(year_from) + 1',
        'smallest_cut_over_20pct': "min(case when class = 'cut_over_20pct' then -change_rate end)",
        'largest_cut_under_10pct': "max(case when class = 'cut_under_10pct' then -change_rate end)",
    }.items() %}
        select
            report_id,
            '{{ indicator }}' as indicator_id,
            report_region_code as region_code,
            cast(null as integer) as year,
            cast({{ expression }} as double) as value,
            'park_coal_change' as reads,
            'sample' as rows_of
        from coal_change
        group by report_id, report_region_code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

measures as (

    select
        parks.report_id,
        parks.report_region_code,
        park_measures.*
    from {{ ref('park_measures') }} as park_measures
    inner join parks on park_measures.park_id = parks.park_id

),

sample_size as (

    select
        report_id,
        count(*) as parks
    from parks
    group by report_id

),

adopters as (

    select
        report_id,
        measure || '_parks' as indicator_id,
        report_region_code as region_code,
        cast(null as integer) as year,
        cast(sum(case when answer = 'yes' then 1 else 0 end) as double) as value,
        'park_measures' as reads,
        'sample' as rows_of
    from measures
    group by report_id, report_region_code, measure
    union all
    select
        measures.report_id,
        measures.measure || '_share' as indicator_id,
        measures.report_region_code as region_code,
        cast(null as integer) as year,
        cast(sum(case when measures.answer = 'yes' then 1 else 0 end) as double)
        / max(sample_size.parks) as value,
        'park_measures' as reads,
        'sample' as rows_of
    from measures
    inner join sample_size on measures.report_id = sample_size.report_id
    group by measures.report_id, measures.report_region_code, measures.measure

),

plans as (

    select
        parks.report_id,
        parks.report_region_code,
        park_peak_plans.*,
        park_types.structure
    from {{ ref('park_peak_plans') }} as park_peak_plans
    inner join parks on park_peak_plans.park_id = parks.park_id
    left join {{ ref('park_types') }} as park_types
        on
            park_peak_plans.park_id = park_types.park_id
            and park_peak_plans.base_year = park_types.year
    where park_peak_plans.plan_answer = 'yes'

),

bands as (

    select * from {{ ref('bands') }}

),

plan_ends as (

    select
        max(case when band = 'fyp_14' then upper - 1 end) as fyp_14_end,
        max(case when band = 'fyp_15_late' then upper - 1 end) as fyp_15_end
    from bands
    where band_set = 'peak_year'

),

plan_total as (

    select
        report_id,
        count(*) as plans
    from plans
    group by report_id

),

plan_counts as (

    {% for indicator, expression in {
        'peak_plans': 'count(*)',
        'peak_in_fyp_14': "sum(case when five_year_plan = 'fyp_14' then 1 else 0 end)",
        'peak_in_last_year_of_fyp_14':
            "sum(case when five_year_plan = 'fyp_14' and peak_year = fyp_14_end then 1 else 0 end)",
        'peak_in_fyp_15': "sum(case when five_year_plan = 'fyp_15' then 1 else 0 end)",
        'peak_in_fyp_15_early': "sum(case when peak_period = 'fyp_15_early' then 1 else 0 end)",
        'peak_in_fyp_15_later':
            "sum(case when peak_period in ('fyp_15_middle', 'fyp_15_late') then 1 else 0 end)",
        'peak_in_last_year_of_fyp_15':
            "sum(case when five_year_plan = 'fyp_15' and peak_year = fyp_15_end then 1 else 0 end)",
        'large_increase':
            "sum(case when increase_band in ('75_100pct', 'over_100pct') then 1 else 0 end)",
        'large_increase_industry_type':
            "sum(case when increase_band in ('75_100pct', 'over_100pct')"
            ~ " and structure = 'industry_type' then 1 else 0 end)",
        'small_increase_share':
            "cast(sum(case when increase_band = 'up_to_25pct' then 1 else 0 end) as double)"
            ~ ' / nullif(count(*), 0)',
        'largest_small_increase': "max(case when increase_band = 'up_to_25pct' then increase_rate end)",
        'smallest_large_increase':
            "min(case when increase_band in ('75_100pct', 'over_100pct') then increase_rate end)",
    }.items() %}
        select
            plans.report_id,
            '{{ indicator }}' as indicator_id,
            plans.report_region_code as region_code,
            cast(null as integer) as year,
            cast({{ expression }} as double) as value,
            'park_peak_plans' as reads,
            'sample' as rows_of
        from plans
        cross join plan_ends
        group by plans.report_id, plans.report_region_code
        union all
    {% endfor %}
    -- Of a class of the increase: parks, and their share of the plans.
    select
        report_id,
        'peak_band_parks' as indicator_id,
        increase_band as region_code,
        cast(null as integer) as year,
        cast(count(*) as double) as value,
        'park_peak_plans' as reads,
        'sample' as rows_of
    from plans
    where increase_band is not null
    group by report_id, increase_band
    union all
    select
        plans.report_id,
        'peak_band_share' as indicator_id,
        plans.increase_band as region_code,
        cast(null as integer) as year,
        cast(count(*) as double) / max(plan_total.plans) as value,
        'park_peak_plans' as reads,
        'sample' as rows_of
    from plans
    inner join plan_total on plans.report_id = plan_total.report_id
    where plans.increase_band is not null
    group by plans.report_id, plans.increase_band

),

-- What the counts are made with, and how many cases the report has.
limits as (

    {% for indicator, threshold_id in {
        'top_parks': 'top_parks', 'top_enterprises': 'top_enterprises',
    }.items() %}
        select
            report_id,
            '{{ indicator }}' as indicator_id,
            region_code,
            cast(null as integer) as year,
            {{ threshold(threshold_id) }} as value,
            'thresholds' as reads,
            'reference' as rows_of
        from reports
        union all
    {% endfor %}
    select
        reports.report_id,
        'case_parks' as indicator_id,
        reports.region_code,
        cast(null as integer) as year,
        cast(count(*) as double) as value,
        'report_cases' as reads,
        'reference' as rows_of
    from reports
    inner join {{ ref('report_cases') }} as report_cases
        on reports.report_id = report_cases.report_id
    group by reports.report_id, reports.region_code

),

united as (

    select * from registry_counts
    union all
    select * from key_counts
    union all
    select * from leaders
    union all
    select * from top_of_cities
    union all
    select * from coal_counts
    union all
    select * from adopters
    union all
    select * from plan_counts
    union all
    select * from limits

),

final as (

    select
        report_id,
        indicator_id,
        'none' as method,
        region_code as entity_code,
        year,
        value,
        reads,
        rows_of
    from united

)

select * from final
order by report_id, indicator_id, entity_code, year
