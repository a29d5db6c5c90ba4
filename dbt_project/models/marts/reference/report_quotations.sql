with rows_of_reports as (

    select * from {{ source('reports', 'report_quotations') }}

),

final as (

    select
        report_id,
        figure_id,
        dataset,
        series_key
    from rows_of_reports

)

select * from final
order by report_id, figure_id
