with bi_views as (

    select * from {{ ref('bi_view_rows') }}

),

final as (

    select
        bi_view,
        name_zh,
        schema_name,
        table_name,
        coalesce(has_model, false) as has_model,
        filters,
        region_level,
        description_zh,
        description_en
    from bi_views

)

select * from final
order by bi_view
