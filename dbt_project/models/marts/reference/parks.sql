with registry as (

    select * from {{ ref('stg_park_returns__parks') }}
    where {{ is_known_vintage('vintage') }}

),

latest as (

    select
        *,
        row_number() over (partition by park_id order by vintage desc) as edition_rank
    from registry

),

final as (

    select
        park_id,
        name_zh,
        name_en,
        level,
        region_code,
        park_type,
        coalesce(is_sample, false) as is_sample,
        coalesce(is_key, false) as is_key,
        report_label,
        established_year,
        approved_area_ha,
        {{ answer_of('has_energy_infrastructure') }} as energy_infrastructure_answer,
        energy_infrastructure,
        confidence,
        vintage,
        origin,
        source_id
    from latest
    where edition_rank = 1

)

select * from final
order by park_id
