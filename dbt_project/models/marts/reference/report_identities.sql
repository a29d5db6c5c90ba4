with rows_of_reports as (

    select * from {{ source('reports', 'report_identities') }}

),

final as (

    select
        report_id,
        figure_id,
        operator,
        term,
        term_figure_id
    from rows_of_reports

)

select * from final
order by report_id, figure_id, term
