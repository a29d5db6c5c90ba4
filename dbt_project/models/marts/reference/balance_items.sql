with balance_item_codes as (

    select * from {{ ref('balance_item_codes') }}

),

final as (

    select
        position,
        balance_item,
        name_zh,
        name_en,
        block,
        is_aggregate,
        default_industry_code,
        stored_sign
    from balance_item_codes

)

select * from final
order by balance_item
