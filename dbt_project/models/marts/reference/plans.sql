with plan_values as (

    select * from {{ ref('plan_values') }}

),

final as (

    select
        plan_id,
        region_code,
        indicator,
        base_year,
        target_year,
        value_kind,
        value,
        unit,
        boundary,
        co2_scope,
        provenance,
        confidence,
        source_id,
        note_zh,
        note_en
    from plan_values

)

select * from final
order by plan_id
