-- The rows of a park in its newest edition replace the older ones together. A park without a row is
-- a park that lies in no other.
with boundaries as (

    select
        *,
        max(vintage) over (partition by park_id) as newest_vintage
    from {{ ref('stg_park_returns__park_boundaries') }}
    where {{ is_known_vintage('vintage') }}

),

parks as (

    select * from {{ ref('parks') }}

),

stated as (

    select * from boundaries
    where vintage = newest_vintage

),

final as (

    select
        parks.park_id,
        stated.parent_park_id,
        coalesce(stated.boundary_kind, 'park') as boundary_kind,
        stated.statistical_boundary,
        stated.year_from,
        stated.year_to,
        stated.park_id is not null as is_stated,
        coalesce(stated.origin, parks.origin) as origin,
        coalesce(stated.source_id, parks.source_id) as source_id,
        coalesce(stated.vintage, parks.vintage) as vintage
    from parks
    left join stated on parks.park_id = stated.park_id

)

select * from final
order by park_id, year_from
