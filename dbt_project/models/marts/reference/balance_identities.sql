with balance_identity_codes as (

    select * from {{ ref('balance_identity_codes') }}

),

balance_identity_parts as (

    select * from {{ ref('balance_identity_parts') }}

),

final as (

    select
        balance_identity_codes.identity,
        balance_identity_codes.total_item,
        balance_identity_parts.balance_item,
        balance_identity_parts.role,
        balance_identity_codes.needs_item,
        balance_identity_codes.statement_zh,
        balance_identity_codes.statement_en
    from balance_identity_codes
    inner join balance_identity_parts
        on balance_identity_codes.identity = balance_identity_parts.identity

)

select * from final
order by identity, balance_item
