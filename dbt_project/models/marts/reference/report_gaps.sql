with rows_of_reports as (

    select * from {{ source('reports', 'report_gaps') }}

),

final as (

    select
        report_id,
        figure_prefix,
        explanation_zh,
        explanation_en
    from rows_of_reports

)

select * from final
order by report_id, figure_prefix
