with region_codes as (

    select * from {{ ref('region_codes') }}

),

final as (

    select
        region_code,
        name_zh,
        name_en,
        level,
        parent_code,
        grid_name
    from region_codes

)

select * from final
order by region_code
