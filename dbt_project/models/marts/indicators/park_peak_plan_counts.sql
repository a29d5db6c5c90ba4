-- How many parks plan to peak when (Fig 4-3) and at how much more than today (Fig 4-4), and how
-- many of each are of industry type.
with plans as (

    select * from {{ ref('park_peak_plans') }}
    where plan_answer = 'yes' and is_sample

),

park_types as (

    select * from {{ ref('park_types') }}

),

latest_types as (

    select
        park_id,
        structure,
        row_number() over (partition by park_id order by year desc) as recency
    from park_types

),

typed as (

    select
        plans.*,
        latest_types.structure
    from plans
    left join latest_types
        on plans.park_id = latest_types.park_id and latest_types.recency = 1

),

classed as (

    select
        'peak_year' as classed_by,
        cast(peak_year as {{ type_name('varchar') }}) as class,
        structure
    from typed
    union all
    select
        'peak_period' as classed_by,
        peak_period as class,
        structure
    from typed
    union all
    select
        'five_year_plan' as classed_by,
        five_year_plan as class,
        structure
    from typed
    union all
    select
        'increase_band' as classed_by,
        increase_band as class,
        structure
    from typed

),

counted as (

    select
        classed_by,
        class,
        count(*) as park_count,
        count(case when structure = 'industry_type' then 1 end) as industry_type_count
    from classed
    where class is not null
    group by classed_by, class

),

final as (

    select
        classed_by,
        class,
        cast(park_count as integer) as park_count,
        cast(industry_type_count as integer) as industry_type_count,
        park_count / nullif(sum(park_count) over (partition by classed_by), 0) as park_share,
        'reconstructed' as origin
    from counted

)

select * from final
order by classed_by, class
