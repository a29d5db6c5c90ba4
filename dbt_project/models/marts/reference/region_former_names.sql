with former_region_names as (

    select * from {{ ref('former_region_names') }}

),

final as (

    select
        region_code,
        former_code,
        year_from,
        name_zh,
        name_en,
        year_to
    from former_region_names

)

select * from final
order by region_code, former_code, year_from
