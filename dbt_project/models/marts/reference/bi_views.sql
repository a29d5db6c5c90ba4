with bi_views as (

    select * from {{ ref('bi_view_rows') }}

),

final as (

    select
        bi_views.bi_view,
        bi_views.name_zh,
        bi_views.schema_name,
        bi_views.table_name,
        coalesce(bi_views.has_model, false) as has_model,
        bi_views.filters,
        bi_views.region_level,
        -- Without it a reader of an empty view does not know where its subjects are.
        bi_views.description_zh
        || coalesce('；数据由重构而来的对象不在内，见 bi."' || wholes.name_zh || '"', '')
            as description_zh,
        case
            when wholes.bi_view is null then bi_views.description_en
            else
                trim(trailing '.' from bi_views.description_en)
                || '; subjects whose data are reconstructed are not in it: see bi.'
                || wholes.bi_view || '.'
        end as description_en
    from bi_views
    left join bi_views as wholes on bi_views.bi_view || '_with_model' = wholes.bi_view

)

select * from final
order by bi_view
