-- The enterprises whose places are stated, year by year: parks that do not lie in each other can
-- together hold no more than the whole of an enterprise, nor parts more than their park.
with members as (

    select * from {{ ref('int_park__members_placed') }}

),

listed as (

    select distinct
        list_park_id,
        enterprise_id,
        name_zh
    from {{ ref('boundary_members') }}
    where is_stated

),

returns as (

    select distinct
        park_id,
        enterprise_id,
        year
    from {{ ref('int_park__returns_latest') }}

),

nested as (

    select * from {{ ref('int_park__boundaries_nested') }}

),

within_parks as (

    select distinct
        park_id,
        year
    from nested

),

in_parts as (

    select
        nested.ancestor_park_id as park_id,
        members.list_park_id,
        members.list_enterprise_id,
        members.year,
        sum(members.member_share) as parts_share
    from members
    inner join nested on members.park_id = nested.park_id and members.year = nested.year
    where nested.levels_up = 1
    group by
        nested.ancestor_park_id, members.list_park_id, members.list_enterprise_id, members.year

),

placed as (

    select
        members.list_park_id,
        members.list_enterprise_id as enterprise_id,
        listed.name_zh,
        members.year,
        members.park_id,
        within_parks.park_id is not null as is_within_park,
        members.member_share,
        in_parts.parts_share
    from members
    inner join listed
        on
            members.list_park_id = listed.list_park_id
            and members.list_enterprise_id = listed.enterprise_id
    left join within_parks
        on members.park_id = within_parks.park_id and members.year = within_parks.year
    left join in_parts
        on
            members.park_id = in_parts.park_id
            and members.list_park_id = in_parts.list_park_id
            and members.list_enterprise_id = in_parts.list_enterprise_id
            and members.year = in_parts.year

),

-- A year that the enterprise returned and for which none of its rows says where it was.
nowhere as (

    select
        listed.list_park_id,
        listed.enterprise_id,
        listed.name_zh,
        returns.year
    from listed
    inner join returns
        on
            listed.list_park_id = returns.park_id
            and listed.enterprise_id = returns.enterprise_id
    left join placed
        on
            returns.park_id = placed.list_park_id
            and returns.enterprise_id = placed.enterprise_id
            and returns.year = placed.year
    where placed.park_id is null

),

united as (

    select
        *,
        sum(case when not is_within_park then member_share end) over (
            partition by list_park_id, enterprise_id, year
            order by park_id
            rows between unbounded preceding and unbounded following
        ) as placed_share
    from placed
    union all
    select
        list_park_id,
        enterprise_id,
        name_zh,
        year,
        cast(null as {{ type_name('varchar') }}) as park_id,
        false as is_within_park,
        cast(null as double) as member_share,
        cast(null as double) as parts_share,
        cast(null as double) as placed_share
    from nowhere

),

final as (

    select
        list_park_id,
        enterprise_id,
        name_zh,
        year,
        park_id,
        is_within_park,
        member_share,
        parts_share,
        placed_share,
        case
            when park_id is null then 'nowhere'
            when {{ is_above('placed_share', 1, 1) }} then 'above_whole'
            when {{ is_above('parts_share', 'member_share', 1) }} then 'parts_above_park'
            when {{ is_below('placed_share', 1, 1) }} then 'in_part'
            else 'whole'
        end as status
    from united

)

select * from final
order by list_park_id, enterprise_id, year, park_id
