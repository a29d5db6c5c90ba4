with gwp_values as (

    select * from {{ ref('gwp_values') }}

),

final as (

    select
        gwp_set,
        gas,
        gwp100,
        origin,
        confidence,
        source_id
    from gwp_values

)

select * from final
order by gwp_set, gas
