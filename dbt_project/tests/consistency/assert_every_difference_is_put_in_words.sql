with reconciliation as (

    select * from {{ ref('reconciliation') }}

),

final as (

    select *
    from reconciliation
    where
        status <> 'exact'
        and status <> 'mismatch'
        and (explanation_en is null or explanation_zh is null)

)

select * from final
