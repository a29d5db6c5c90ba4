with industry_split as (

    select * from {{ ref('int_energy__industry_split') }}

),

final as (

    select
        region_code,
        fuel_code,
        year,
        share_change_from_previous_year,
        has_split_of_previous_year,
        is_split_frozen,
        'derived' as origin
    from industry_split

)

select * from final
order by region_code, fuel_code, year
