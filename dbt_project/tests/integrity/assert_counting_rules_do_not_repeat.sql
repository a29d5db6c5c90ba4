-- A rule is known by method, account, balance item and fuel, or by the lack of a fuel.
with balance_row_rules as (

    select * from {{ ref('balance_row_rules') }}

),

final as (

    select
        method,
        account,
        balance_item,
        fuel_code,
        count(*) as copies
    from balance_row_rules
    group by method, account, balance_item, fuel_code
    having count(*) > 1

)

select * from final
