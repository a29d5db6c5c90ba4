-- How well each run meets what it did not see. A correlation wants three points that differ.
with points as (

    select * from {{ ref('model_validation') }}

),

final as (

    select
        run,
        series,
        is_held_back,
        quantity,
        count(*) as point_count,
        case when count(*) >= 3 then corr(modelled_value, observed_value) end as correlation,
        avg(difference) as mean_difference,
        avg(abs(difference)) as mean_absolute_difference,
        avg(relative_difference) as mean_relative_difference,
        avg(abs(relative_difference)) as mean_absolute_relative_difference,
        'reconstructed' as origin
    from points
    group by run, series, is_held_back, quantity

)

select * from final
order by run, series, quantity
