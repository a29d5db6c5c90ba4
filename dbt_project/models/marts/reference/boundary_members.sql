-- The rows of an enterprise in their newest edition replace the older ones together, and say all
-- its places. An enterprise without a row is in the park of its list, whole and in all years.
with enterprises as (

    select
        *,
        row_number() over (
            partition by park_id, enterprise_id
            order by vintage desc
        ) as edition_rank
    from {{ ref('stg_park_returns__enterprises') }}
    where {{ is_known_vintage('vintage') }}

),

members as (

    select
        *,
        coalesce(list_park_id, park_id) as of_park_id
    from {{ ref('stg_park_returns__boundary_members') }}
    where {{ is_known_vintage('vintage') }}

),

ranked as (

    select
        *,
        max(vintage) over (partition by of_park_id, enterprise_id) as newest_vintage
    from members

),

stated as (

    select * from ranked
    where vintage = newest_vintage

),

final as (

    select
        coalesce(stated.park_id, enterprises.park_id) as park_id,
        enterprises.park_id as list_park_id,
        enterprises.enterprise_id,
        enterprises.name_zh,
        stated.year_from,
        stated.year_to,
        coalesce(stated.member_share, 1e0) as member_share,
        stated.park_id is not null as is_stated,
        coalesce(stated.origin, enterprises.origin) as origin,
        coalesce(stated.source_id, enterprises.source_id) as source_id,
        coalesce(stated.vintage, enterprises.vintage) as vintage
    from enterprises
    left join stated
        on
            enterprises.park_id = stated.of_park_id
            and enterprises.enterprise_id = stated.enterprise_id
    where enterprises.edition_rank = 1

)

select * from final
order by park_id, list_park_id, enterprise_id, year_from
