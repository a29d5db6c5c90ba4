with industry_codes as (

    select * from {{ ref('industry_codes') }}

),

final as (

    select
        industry_code,
        name_zh,
        name_en,
        section,
        level,
        is_industrial,
        is_high_energy,
        parent_code,
        sector_class
    from industry_codes

)

select * from final
order by industry_code
