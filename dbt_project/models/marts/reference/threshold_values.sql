with thresholds as (

    select * from {{ ref('thresholds') }}

),

final as (

    select
        threshold_id,
        value,
        unit,
        statement_zh,
        statement_en,
        source_id
    from thresholds

)

select * from final
order by threshold_id
