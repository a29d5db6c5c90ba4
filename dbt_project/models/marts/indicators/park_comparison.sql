with points as (

    select * from {{ ref('int_park__case_points') }}

),

final as (

    select
        one.park_id,
        other.park_id as other_park_id,
        one.method,
        one.point,
        cast(one.sort as integer) as sort,
        one.year_from,
        one.year_to,
        other.year_to as other_year_to,
        one.point_value,
        other.point_value as other_value,
        one.point_text,
        other.point_text as other_text,
        one.unit
    from points as one
    inner join points as other
        on
            one.method = other.method
            and one.point = other.point
            and one.park_id <> other.park_id

)

select * from final
order by park_id, other_park_id, method, sort
