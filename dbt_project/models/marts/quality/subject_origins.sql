-- Where the data of each region and park come from, by year: what the accounts are made of, before
-- any factor. Schema `model` of the published file takes its rows by this table.
with held as (

    select
        'region' as subject_type,
        region_code as subject_code,
        region_code,
        year,
        'energy' as fact,
        origin_rank
    from {{ ref('int_energy__series_standardised') }}
    where is_latest_vintage
    union all
    select
        'region' as subject_type,
        region_code as subject_code,
        region_code,
        year,
        'economy' as fact,
        {{ origin_rank('origin') }} as origin_rank
    from {{ ref('int_economy__series_united') }}
    where is_latest_vintage
    union all
    select
        'park' as subject_type,
        returned.park_id as subject_code,
        parks.region_code,
        returned.year,
        'energy' as fact,
        {{ origin_rank('returned.origin') }} as origin_rank
    from {{ ref('int_park__returns_latest') }} as returned
    inner join {{ ref('parks') }} as parks on returned.park_id = parks.park_id
    union all
    select
        'park' as subject_type,
        facts.park_id as subject_code,
        parks.region_code,
        facts.year,
        'economy' as fact,
        facts.origin_rank
    from {{ ref('int_park__facts_latest') }} as facts
    inner join {{ ref('parks') }} as parks on facts.park_id = parks.park_id
    union all
    select
        'park' as subject_type,
        park_id as subject_code,
        region_code,
        cast(null as integer) as year,
        'registry' as fact,
        {{ origin_rank('origin') }} as origin_rank
    from {{ ref('parks') }}

),

weakest as (

    select
        subject_type,
        subject_code,
        region_code,
        year,
        fact,
        max(origin_rank) as origin_rank
    from held
    group by subject_type, subject_code, region_code, year, fact

),

regions as (

    select * from {{ ref('regions') }}

),

final as (

    select
        weakest.subject_type,
        weakest.subject_code,
        weakest.year,
        weakest.fact,
        regions.province_code,
        {{ origin_of_rank('weakest.origin_rank') }} as origin
    from weakest
    left join regions on weakest.region_code = regions.region_code

)

select * from final
order by subject_type, subject_code, fact, year
