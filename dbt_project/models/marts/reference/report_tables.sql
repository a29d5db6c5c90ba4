with rows_of_reports as (

    select * from {{ source('reports', 'report_tables') }}

),

final as (

    select
        report_id,
        table_or_figure,
        coalesce(has_figures, true) as has_figures,
        site_query
    from rows_of_reports

)

select * from final
order by report_id, table_or_figure
