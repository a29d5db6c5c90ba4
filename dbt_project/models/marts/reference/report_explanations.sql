with rows_of_reports as (

    select * from {{ source('reports', 'report_explanations') }}

),

final as (

    select
        report_id,
        figure_id,
        cause,
        cause_key,
        cause_year,
        explanation_zh,
        explanation_en
    from rows_of_reports

)

select * from final
order by report_id, figure_id
