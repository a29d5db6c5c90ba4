-- Whoever returned energy, in the latest edition, with the narrowest boundary it lies in.
with enterprises as (

    select * from {{ ref('stg_park_returns__enterprises') }}
    where {{ is_known_vintage('vintage') }}

),

industries as (

    select * from {{ ref('industries') }}

),

latest as (

    select
        *,
        row_number() over (
            partition by park_id, enterprise_id
            order by vintage desc
        ) as edition_rank
    from enterprises

),

final as (

    select
        latest.park_id,
        latest.enterprise_id,
        latest.name_zh,
        latest.industry_code,
        coalesce(latest.is_aggregate, false) as is_aggregate,
        case
            when latest.is_above_size then 'above_size_industry'
            when industries.level = 'household' then 'whole_zone'
            else 'all_sectors'
        end as narrowest_boundary,
        {{ origin_rank('latest.origin') }} as origin_rank
    from latest
    inner join industries on latest.industry_code = industries.industry_code
    where latest.edition_rank = 1

)

select * from final
