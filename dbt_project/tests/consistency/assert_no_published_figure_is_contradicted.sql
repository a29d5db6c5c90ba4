-- A mismatch is a figure we compute, differ from, and cannot explain. When the marts are rebuilt as
-- an edition older than the report saw them, there is nothing to compare.
{{ config(meta={'dagster': {'ref': {'name': 'reconciliation'}}}) }}

with reconciliation as (

    select * from {{ ref('reconciliation') }}

),

figures as (

    select * from {{ ref('stg_report__published_figures') }}

),

final as (

    select reconciliation.*
    from reconciliation
    inner join figures on reconciliation.figure_id = figures.figure_id
    where
        reconciliation.status = 'mismatch'
        and {{ is_known_vintage('figures.vintage') }}

)

select * from final
