-- What is taken off an industry for feedstock is no more than its final consumption, and what is
-- taken off the group is the feedstock of the balance or, where that is larger, the whole group.
{{ config(meta={'dagster': {'ref': {'name': 'region_co2'}}}) }}

with activities as (

    select * from {{ ref('int_co2__activities_counted') }}

),

rules as (

    select * from {{ ref('int_co2__rules_resolved') }}

),

allocation_groups as (

    select * from {{ ref('allocation_groups') }}

),

region_energy as (

    select * from {{ ref('region_energy') }}
    where is_latest_vintage

),

deduction_rules as (

    select * from rules
    where take = 'deduct'

),

-- By industry: final consumption and its deduction together, never below zero.
by_industry as (

    select
        deduction_rules.method,
        deduction_rules.account,
        deduction_rules.balance_item,
        deduction_rules.allocation_group,
        deduction_rules.weight,
        activities.region_code,
        activities.year,
        activities.fuel_code,
        activities.industry_code,
        sum(case when activities.balance_item = 'final_consumption' then activities.quantity end)
            as final_quantity,
        sum(
            case
                when activities.balance_item = deduction_rules.balance_item
                    then activities.quantity
            end
        ) as deducted_quantity
    from deduction_rules
    inner join allocation_groups
        on deduction_rules.allocation_group = allocation_groups.allocation_group
    inner join activities
        on
            deduction_rules.method = activities.method
            and deduction_rules.account = activities.account
            and deduction_rules.fuel_code = activities.fuel_code
            and allocation_groups.industry_code = activities.industry_code
    group by
        deduction_rules.method, deduction_rules.account, deduction_rules.balance_item,
        deduction_rules.allocation_group, deduction_rules.weight, activities.region_code,
        activities.year, activities.fuel_code, activities.industry_code

),

by_group as (

    select
        method,
        account,
        balance_item,
        weight,
        region_code,
        year,
        fuel_code,
        sum(final_quantity) as final_quantity,
        sum(deducted_quantity) as deducted_quantity,
        sum(abs(final_quantity)) as gross_quantity,
        min(final_quantity + deducted_quantity) as smallest_remainder
    from by_industry
    group by method, account, balance_item, weight, region_code, year, fuel_code

),

final as (

    select
        by_group.*,
        region_energy.quantity as feedstock_quantity
    from by_group
    left join region_energy
        on
            by_group.region_code = region_energy.region_code
            and by_group.year = region_energy.year
            and by_group.balance_item = region_energy.balance_item
            and by_group.fuel_code = region_energy.fuel_code
    where
        {{ is_below('by_group.smallest_remainder', 0, 'by_group.gross_quantity') }}
        or (
            by_group.deducted_quantity is null
            and region_energy.quantity > 0
            and by_group.final_quantity > 0
        )
        or not {{ is_equal(
            'by_group.deducted_quantity',
            'by_group.weight * least(region_energy.quantity, by_group.final_quantity)',
            'by_group.gross_quantity'
        ) }}

)

select * from final
