-- How well each run meets what it did not see. A correlation of few points says nothing.
with points as (

    select * from {{ ref('model_validation') }}

),

final as (

    select
        run,
        series,
        is_held_back,
        indicator,
        unit,
        count(*) as point_count,
        case
            when count(*) >= {{ threshold('correlation_points_min') }}
                then corr(modelled_value, series_value)
        end as correlation,
        avg(difference) as mean_difference,
        avg(abs(difference)) as mean_absolute_difference,
        avg(relative_difference) as mean_relative_difference,
        avg(abs(relative_difference)) as mean_absolute_relative_difference,
        'reconstructed' as origin
    from points
    group by run, series, is_held_back, indicator, unit

)

select * from final
order by run, series, indicator
