with measures as (

    select * from {{ ref('stg_park_returns__measures') }}
    where {{ is_known_vintage('vintage') }}

),

parks as (

    select * from {{ ref('parks') }}

),

labels as (

    select * from {{ ref('code_list_entries') }}
    where code_list = 'measure'

),

-- The newest answer counts.
latest as (

    select
        *,
        row_number() over (
            partition by park_id, measure
            order by vintage desc, year desc
        ) as answer_rank
    from measures

),

final as (

    select
        parks.park_id,
        labels.code as measure,
        labels.label_zh as name_zh,
        labels.label_en as name_en,
        parks.is_sample,
        latest.year,
        {{ answer_of('latest.adopted') }} as answer,
        latest.detail,
        coalesce(latest.origin, parks.origin) as origin,
        coalesce(latest.source_id, parks.source_id) as source_id
    from parks
    cross join labels
    left join latest
        on
            parks.park_id = latest.park_id
            and labels.code = latest.measure
            and latest.answer_rank = 1

)

select * from final
order by park_id, measure
