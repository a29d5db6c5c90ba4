with deflators as (

    select * from {{ ref('int_economy__deflators_derived') }}

),

final as (

    select
        region_code,
        year,
        price_base_year,
        deflator,
        is_of_children,
        {{ origin_of_rank('origin_rank') }} as origin,
        source_id
    from deflators

)

select * from final
order by region_code, year
