{{ config(meta={'dagster': {'ref': {'name': 'reconciliation'}}}) }}

with figures as (

    select * from {{ ref('published_figures') }}

),

reconciliation as (

    select * from {{ ref('reconciliation') }}

),

final as (

    select
        coalesce(figures.report_id, reconciliation.report_id) as report_id,
        coalesce(figures.figure_id, reconciliation.figure_id) as figure_id,
        count(reconciliation.status) as statuses
    from figures
    full outer join reconciliation
        on
            figures.report_id = reconciliation.report_id
            and figures.figure_id = reconciliation.figure_id
    group by
        coalesce(figures.report_id, reconciliation.report_id),
        coalesce(figures.figure_id, reconciliation.figure_id)
    having count(reconciliation.status) <> 1 or count(figures.figure_id) <> 1

)

select * from final
