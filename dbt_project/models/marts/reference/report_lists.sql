-- What a row does not say is the report's: its region, its method.
with lists as (

    select * from {{ source('reports', 'report_lists') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        lists.report_id,
        lists.list_id,
        lists.figure_prefix,
        lists.indicator_prefix,
        lists.listed_indicator_prefix,
        lists.leaves_out_indicator,
        coalesce(lists.entity_code, reports.region_code) as entity_code,
        coalesce(lists.method, reports.method) as method,
        lists.year,
        lists.reach,
        lists.label_zh,
        lists.label_en
    from lists
    inner join reports on lists.report_id = reports.report_id

)

select * from final
order by report_id, list_id
