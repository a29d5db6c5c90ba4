with method_fuels as (

    select * from {{ source('methods', 'method_fuels') }}

),

final as (

    select
        method,
        fuel_code,
        is_counted,
        is_coal,
        reason
    from method_fuels

)

select * from final
order by method, fuel_code
