with region_codes as (

    select * from {{ ref('region_codes') }}

),

final as (

    select
        regions.region_code,
        regions.name_zh,
        regions.short_name_zh,
        regions.name_en,
        regions.level,
        regions.parent_code,
        case
            when regions.level = 'province' then regions.region_code
            when parents.level = 'province' then parents.region_code
            when grandparents.level = 'province' then grandparents.region_code
        end as province_code,
        case
            when regions.level = 'prefecture' then regions.region_code
            when parents.level = 'prefecture' then parents.region_code
        end as prefecture_code,
        regions.year_from,
        regions.year_to
    from region_codes as regions
    left join region_codes as parents on regions.parent_code = parents.region_code
    left join region_codes as grandparents on parents.parent_code = grandparents.region_code

)

select * from final
order by region_code
