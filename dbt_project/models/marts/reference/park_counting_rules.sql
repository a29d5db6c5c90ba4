with park_counting_rules as (

    select * from {{ source('methods', 'method_park_counting_rules') }}

),

final as (

    select
        method,
        flow,
        fuel_code,
        scope,
        weight,
        is_from_outside,
        note
    from park_counting_rules

)

select * from final
order by method, flow, fuel_code nulls first, scope
