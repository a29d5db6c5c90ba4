-- Which enterprise is summed to which park, in which year and by how much: the one relation by
-- which enterprises add up to parks. A member of a boundary is one of all that the boundary lies
-- in; where these state a share of their own, theirs holds. In the park of its list an enterprise
-- keeps its code; elsewhere it has the park of its list before it, since lists may share a code.
with members as (

    select * from {{ ref('boundary_members') }}

),

nested as (

    select * from {{ ref('int_park__boundaries_nested') }}

),

years as (

    {{ years_returned() }}

),

stated as (

    select
        members.park_id,
        members.list_park_id,
        members.enterprise_id,
        years.year,
        sum(members.member_share) as member_share
    from members
    inner join years
        on
            (members.year_from is null or members.year_from <= years.year)
            and (members.year_to is null or members.year_to >= years.year)
    group by members.park_id, members.list_park_id, members.enterprise_id, years.year

),

-- How far out the next boundary is that states a share of the same enterprise.
next_stated as (

    select
        stated.park_id,
        stated.list_park_id,
        stated.enterprise_id,
        stated.year,
        min(nested.levels_up) as levels_up
    from stated
    inner join nested on stated.park_id = nested.park_id and stated.year = nested.year
    inner join stated as around
        on
            nested.ancestor_park_id = around.park_id
            and stated.list_park_id = around.list_park_id
            and stated.enterprise_id = around.enterprise_id
            and stated.year = around.year
    group by stated.park_id, stated.list_park_id, stated.enterprise_id, stated.year

),

inherited as (

    select
        nested.ancestor_park_id as park_id,
        stated.list_park_id,
        stated.enterprise_id,
        stated.year,
        sum(stated.member_share) as member_share
    from stated
    inner join nested on stated.park_id = nested.park_id and stated.year = nested.year
    left join next_stated
        on
            stated.park_id = next_stated.park_id
            and stated.list_park_id = next_stated.list_park_id
            and stated.enterprise_id = next_stated.enterprise_id
            and stated.year = next_stated.year
    where next_stated.levels_up is null or next_stated.levels_up > nested.levels_up
    group by
        nested.ancestor_park_id, stated.list_park_id, stated.enterprise_id, stated.year

),

united as (

    select
        *,
        true as is_direct
    from stated
    union all
    select
        *,
        false as is_direct
    from inherited

),

final as (

    select
        park_id,
        case
            when park_id = list_park_id then enterprise_id
            else list_park_id || '/' || enterprise_id
        end as enterprise_id,
        list_park_id,
        enterprise_id as list_enterprise_id,
        year,
        member_share,
        is_direct
    from united

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, enterprise_id, year
