with fuel_codes as (

    select * from {{ ref('fuel_codes') }}

),

final as (

    select
        fuel_code,
        name_zh,
        name_en,
        fuel_group,
        unit,
        is_aggregate,
        is_recovered
    from fuel_codes

)

select * from final
order by fuel_code
