{{ config(meta={'dagster': {'ref': {'name': 'reconciliation'}}}) }}

-- What is called predicted, bound or calibrated rests on no row of the figure's own publication, on
-- no source built to meet it and not on the figure itself; what is computed has its evidence.
with reconciliation as (

    select * from {{ ref('reconciliation') }}

),

inputs as (

    select * from {{ ref('reconciliation_inputs') }}

),

reached as (

    select
        reconciliation.report_id,
        reconciliation.figure_id,
        inputs.input_name,
        inputs.source_id
    from reconciliation
    inner join inputs
        on
            reconciliation.report_id = inputs.report_id
            and reconciliation.figure_id = inputs.figure_id
    where
        inputs.input_name = reconciliation.figure_id
        or (
            reconciliation.evidence in ('predicted', 'bound', 'calibrated')
            and (
                inputs.dependence in ('constraint', 'read_back')
                or (inputs.input_kind = 'data' and inputs.source_id = reconciliation.source_id)
            )
        )
        or (
            reconciliation.evidence in ('predicted', 'bound')
            and (
                inputs.dependence = 'calibrated'
                or (inputs.input_kind = 'factor' and inputs.source_id = reconciliation.source_id)
            )
        )

),

without_evidence as (

    select
        report_id,
        figure_id,
        cast(null as {{ type_name('varchar') }}) as input_name,
        source_id
    from reconciliation
    where
        (computed_value is not null or computed_text is not null)
        <> (evidence is not null)

),

final as (

    select * from reached
    union all
    select * from without_evidence

)

select * from final
