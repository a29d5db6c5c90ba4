with estimates as (

    select * from {{ ref('int_park__year_estimates') }}

),

tests as (

    select * from {{ ref('running_year_tests') }}

),

-- The error of all parks that were estimated from as many months, in the same way.
errors as (

    select
        method,
        months_known,
        estimate_basis,
        count(*) as tested_count,
        avg(abs(relative_error)) as mean_absolute_error,
        max(abs(relative_error)) as largest_error
    from tests
    where relative_error is not null
    group by method, months_known, estimate_basis

),

final as (

    select
        estimates.park_id,
        estimates.year,
        estimates.method,
        estimates.months_known,
        estimates.co2_to_date_t,
        estimates.estimate_basis,
        estimates.estimated_co2_t,
        cast(errors.tested_count as integer) as tested_count,
        errors.mean_absolute_error,
        errors.largest_error,
        case when errors.tested_count is null then 'not_tested' end as refusal,
        {{ origin_of_rank('greatest(2, estimates.origin_rank)') }} as origin
    from estimates
    left join errors
        on
            estimates.method = errors.method
            and estimates.months_known = errors.months_known
            and estimates.estimate_basis = errors.estimate_basis
    where estimates.months_known = estimates.months_held

)

select * from final
order by park_id, year, method
