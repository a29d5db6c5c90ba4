with rows_of_reports as (

    select * from {{ source('reports', 'report_industries') }}

),

final as (

    select
        report_id,
        industry_code,
        table_number,
        note
    from rows_of_reports

)

select * from final
order by report_id, industry_code
