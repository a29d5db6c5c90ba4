-- The sample parks that a report speaks of: those of its region, whatever its level.
with reports as (

    select * from {{ ref('reports') }}

),

parks as (

    select * from {{ ref('parks') }}
    where is_sample

),

regions as (

    select * from {{ ref('regions') }}

),

final as (

    select
        reports.report_id,
        reports.region_code,
        reports.method,
        parks.park_id
    from parks
    inner join regions on parks.region_code = regions.region_code
    inner join reports
        on reports.region_code in (
            regions.region_code, regions.prefecture_code, regions.province_code
        )

)

select * from final
