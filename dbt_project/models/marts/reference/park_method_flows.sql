with park_method_flows as (

    select * from {{ source('park_methods', 'park_method_flows') }}

),

final as (

    select
        method,
        entry,
        flow,
        weight,
        sign,
        note
    from park_method_flows

)

select * from final
order by method, entry, flow, sign
