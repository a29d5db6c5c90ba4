-- One query leads from any CO2 row to file, row and factor: a row without an activity cell (or,
-- for a deduction, without the deducted cell and the key it was spread by) breaks the promise.
{{ config(meta={'dagster': {'ref': {'name': 'explain'}}}) }}

with region_co2 as (

    select * from {{ ref('region_co2') }}

),

industrial_co2 as (

    select * from {{ ref('industrial_co2') }}

),

explain_cells as (

    select * from {{ ref('explain') }}

),

co2_rows as (

    select
        'territorial' as account,
        region_code,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope
    from region_co2
    union all
    select
        'industrial' as account,
        region_code,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope
    from industrial_co2

),

explained as (

    select
        account,
        region_code,
        year,
        method,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        bool_or(input_role = 'activity') as has_activity,
        bool_or(input_role = 'deduction') as has_deduction,
        bool_or(input_role = 'allocation_key') as has_allocation_key,
        bool_and(factor_id is not null and factor_source_id is not null) as has_factor
    from explain_cells
    group by
        account, region_code, year, method, balance_item, industry_code, fuel_code, scope

),

final as (

    select
        co2_rows.*,
        explained.has_activity,
        explained.has_deduction,
        explained.has_allocation_key,
        explained.has_factor
    from co2_rows
    left join explained
        on
            co2_rows.account = explained.account
            and co2_rows.region_code = explained.region_code
            and co2_rows.year = explained.year
            and co2_rows.method = explained.method
            and co2_rows.balance_item = explained.balance_item
            and co2_rows.industry_code = explained.industry_code
            and co2_rows.fuel_code = explained.fuel_code
            and co2_rows.scope = explained.scope
    where
        explained.account is null
        or not explained.has_factor
        or not (
            explained.has_activity
            or (explained.has_deduction and explained.has_allocation_key)
        )

)

select * from final
