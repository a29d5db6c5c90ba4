-- Whoever returned energy, in the latest edition, in each park it is a member of, with the
-- narrowest boundary it lies in.
with latest as (

    {{ latest_edition(
        ref('stg_park_returns__enterprises'), ['park_id', 'enterprise_id']
    ) | indent }}

),

members as (

    select distinct
        park_id,
        enterprise_id,
        list_park_id,
        list_enterprise_id
    from {{ ref('int_park__members_placed') }}

),

industries as (

    select * from {{ ref('industries') }}

),

final as (

    select
        members.park_id,
        members.enterprise_id,
        members.list_park_id,
        members.list_enterprise_id,
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
    inner join members
        on
            latest.park_id = members.list_park_id
            and latest.enterprise_id = members.list_enterprise_id

)

select * from final
