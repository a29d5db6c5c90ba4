-- Complete years as if their last months were not known yet.
with estimates as (

    select * from {{ ref('int_park__year_estimates') }}
    where co2_t is not null

),

final as (

    select
        park_id,
        method,
        year,
        months_known,
        estimate_basis,
        estimated_co2_t,
        co2_t,
        estimated_co2_t / nullif(co2_t, 0) - 1 as relative_error,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from estimates

)

select * from final
order by park_id, method, year, months_known
