with report_descriptions as (

    select * from {{ source('reports', 'report_descriptions') }}

),

sources as (

    select * from {{ ref('sources') }}

),

final as (

    select
        report_descriptions.report_id,
        sources.title_zh,
        sources.title_en,
        report_descriptions.region_code,
        report_descriptions.method,
        report_descriptions.base_year,
        sources.edition_year,
        report_descriptions.source_id
    from report_descriptions
    inner join sources on report_descriptions.source_id = sources.source_id

)

select * from final
order by report_id
