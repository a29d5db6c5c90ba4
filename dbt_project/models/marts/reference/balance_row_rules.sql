with counting_rules as (

    select * from {{ source('methods', 'method_counting_rules') }}

),

final as (

    select
        method,
        account,
        balance_item,
        fuel_code,
        take,
        weight,
        scope,
        allocation_group,
        note
    from counting_rules

)

select * from final
order by method, account, balance_item, fuel_code nulls first
