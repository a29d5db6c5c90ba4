-- The widest boundary that the returns of a park and year cover: what the registry says of it, else
-- the widest of the units that returned anything.
with flows as (

    select * from {{ ref('int_park__flows_standardised') }}

),

registry as (

    select
        park_id,
        returns_boundary,
        row_number() over (partition by park_id order by vintage desc) as edition_rank
    from {{ ref('stg_park_returns__parks') }}
    where {{ is_known_vintage('vintage') }}

),

boundaries as (

    select * from {{ ref('boundaries') }}

),

stated as (

    select
        park_id,
        returns_boundary
    from registry
    where edition_rank = 1

),

returned as (

    select
        flows.park_id,
        flows.year,
        max(boundaries.width) as width
    from flows
    inner join boundaries on flows.narrowest_boundary = boundaries.boundary
    group by flows.park_id, flows.year

),

final as (

    select
        returned.park_id,
        returned.year,
        coalesce(stated.returns_boundary, boundaries.boundary) as widest_boundary
    from returned
    inner join boundaries on returned.width = boundaries.width
    left join stated on returned.park_id = stated.park_id

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, year
