with balance_item_codes as (

    select * from {{ ref('balance_item_codes') }}

),

final as (

    select
        balance_item,
        name_zh,
        name_en,
        block,
        is_aggregate,
        default_industry_code
    from balance_item_codes

)

select * from final
order by balance_item
