-- One rule per method, account, balance item and fuel: a rule that names the fuel overrides one
-- that holds for all, and may name one that the method does not burn: electricity or heat bought.
with balance_row_rules as (

    select * from {{ ref('balance_row_rules') }}

),

method_fuels as (

    select * from {{ ref('method_fuels') }}

),

candidates as (

    select
        balance_row_rules.method,
        balance_row_rules.account,
        balance_row_rules.balance_item,
        method_fuels.fuel_code,
        method_fuels.is_coal,
        balance_row_rules.take,
        balance_row_rules.weight,
        balance_row_rules.scope,
        balance_row_rules.allocation_group,
        row_number() over (
            partition by
                balance_row_rules.method,
                balance_row_rules.account,
                balance_row_rules.balance_item,
                method_fuels.fuel_code
            order by balance_row_rules.fuel_code nulls last
        ) as precedence
    from balance_row_rules
    inner join method_fuels
        on
            balance_row_rules.method = method_fuels.method
            and (
                (balance_row_rules.fuel_code is null and method_fuels.is_counted)
                or balance_row_rules.fuel_code = method_fuels.fuel_code
            )

),

final as (

    select
        method,
        account,
        balance_item,
        fuel_code,
        is_coal,
        take,
        weight,
        scope,
        allocation_group
    from candidates
    where precedence = 1 and take <> 'none'

)

select * from final
