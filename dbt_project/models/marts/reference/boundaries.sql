with boundary_codes as (

    select * from {{ ref('boundary_codes') }}

),

final as (

    select
        boundary,
        width,
        name_zh,
        name_en,
        includes_below_size,
        includes_households
    from boundary_codes

)

select * from final
order by width
