-- The printed numbers of the activity cells, converted and weighted by the rule, are the quantity;
-- the quantity times the factor, in the factor's unit, is the CO2.
{{ config(meta={'dagster': {'ref': {'name': 'explain'}}}) }}

with explain_cells as (

    select * from {{ ref('explain') }}
    where input_role = 'activity'

),

rules as (

    select * from {{ ref('int_co2__rules_resolved') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

recomputed as (

    select
        explain_cells.account,
        explain_cells.region_code,
        explain_cells.year,
        explain_cells.method,
        explain_cells.balance_item,
        explain_cells.industry_code,
        explain_cells.fuel_code,
        explain_cells.scope,
        any_value(explain_cells.quantity) as quantity,
        any_value(explain_cells.co2_t) as co2_t,
        sum(
            {{ printed_number('explain_cells.number_text') }} * explain_cells.to_unit_factor
            * rules.weight
        ) as recomputed_quantity,
        sum(
            abs(
                {{ printed_number('explain_cells.number_text') }} * explain_cells.to_unit_factor
                * rules.weight
            )
        ) as gross_quantity,
        any_value(explain_cells.co2_t) / nullif(any_value(explain_cells.quantity), 0)
            as co2_t_per_quantity,
        sum(
            {{ printed_number('explain_cells.number_text') }} * explain_cells.to_unit_factor
            * rules.weight * explain_cells.co2_t_per_unit
            / case
                when explain_cells.factor_unit = explain_cells.unit then 1
                else unit_labels.to_unit_factor
            end
        ) as recomputed_co2_t
    from explain_cells
    left join rules
        on
            explain_cells.method = rules.method
            and explain_cells.account = rules.account
            and explain_cells.balance_item = rules.balance_item
            and explain_cells.fuel_code = rules.fuel_code
    left join unit_labels on explain_cells.factor_unit = unit_labels.unit_label
    group by
        explain_cells.account, explain_cells.region_code, explain_cells.year,
        explain_cells.method, explain_cells.balance_item, explain_cells.industry_code,
        explain_cells.fuel_code, explain_cells.scope

),

final as (

    select *
    from recomputed
    where
        recomputed_quantity is null
        or recomputed_co2_t is null
        or not {{ is_equal('recomputed_quantity', 'quantity', 'gross_quantity') }}
        or not {{ is_equal(
            'recomputed_co2_t', 'co2_t', 'gross_quantity * abs(coalesce(co2_t_per_quantity, 0))'
        ) }}

)

select * from final
