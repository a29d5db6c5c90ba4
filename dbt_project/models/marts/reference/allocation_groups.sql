with allocation_group_members as (

    select * from {{ ref('allocation_group_members') }}

),

final as (

    select
        allocation_group,
        industry_code
    from allocation_group_members

)

select * from final
order by allocation_group, industry_code
