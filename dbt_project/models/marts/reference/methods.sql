with method_descriptions as (

    select * from {{ source('methods', 'method_descriptions') }}

),

final as (

    select
        method,
        name_zh,
        name_en,
        description_zh,
        description_en,
        industrial_basis,
        source_id,
        variant_of,
        coalesce(takes_measured_factors, false) as takes_measured_factors,
        method = '{{ var("default_method") }}' as is_default
    from method_descriptions

)

select * from final
order by method
