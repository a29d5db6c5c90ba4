with rows_of_reports as (

    select * from {{ source('reports', 'report_cases') }}

),

final as (

    select
        report_id,
        case_label,
        park_id,
        basis
    from rows_of_reports

)

select * from final
order by report_id, case_label
