with points as (

    select * from {{ ref('park_points') }}

),

parks as (

    select * from {{ ref('parks') }}

),

numbered as (

    select
        park_id,
        row_number() over (order by park_id) as number
    from parks
    where is_sample

),

compared as (

    select points.*
    from points
    inner join numbered on points.park_id = numbered.park_id
    where numbered.number <= {{ threshold('comparison_parks_max') }}

),

final as (

    {{ compare_parks('compared', 'one.park_id <> other.park_id') | indent }}

)

select * from final
order by park_id, other_park_id, method, sort
