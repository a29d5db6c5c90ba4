with accounting_methods as (

    select * from {{ ref('accounting_methods') }}

),

final as (

    select
        method,
        name_zh,
        name_en,
        description_zh,
        description_en,
        industrial_basis,
        source_id
    from accounting_methods

)

select * from final
order by method
