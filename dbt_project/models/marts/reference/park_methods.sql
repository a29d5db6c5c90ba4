with park_method_descriptions as (

    select * from {{ source('park_methods', 'park_method_descriptions') }}

),

final as (

    select
        method,
        name_zh,
        name_en,
        description_zh,
        description_en,
        tce_set,
        own_view,
        claim_scheme,
        assumed_coal_kind,
        has_application_table,
        coalesce(takes_measured_factors, false) as takes_measured_factors,
        source_id
    from park_method_descriptions

)

select * from final
order by method
