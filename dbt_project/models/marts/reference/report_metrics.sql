-- What a row does not say is the report's: its region, its method.
with metrics as (

    select * from {{ source('reports', 'report_metrics') }}

),

reports as (

    select * from {{ ref('reports') }}

),

final as (

    select
        metrics.report_id,
        metrics.figure_id,
        metrics.indicator_id,
        coalesce(metrics.entity_code, reports.region_code) as entity_code,
        coalesce(metrics.method, reports.method) as method,
        metrics.operator,
        metrics.input_figure_id
    from metrics
    inner join reports on metrics.report_id = reports.report_id

)

select * from final
order by report_id, figure_id
