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
        latest.park_id,
        latest.measure,
        labels.label_zh as name_zh,
        labels.label_en as name_en,
        parks.is_sample,
        latest.year,
        latest.adopted,
        latest.detail,
        latest.origin,
        latest.source_id
    from latest
    inner join parks on latest.park_id = parks.park_id
    inner join labels on latest.measure = labels.code
    where latest.answer_rank = 1

)

select * from final
order by park_id, measure
