-- The period over which changes of a park are measured: that of the thresholds if the park returned
-- its last year, else as many years up to its own last return.
with years as (

    select distinct
        park_id,
        year
    from {{ ref('int_park__industry_energy') }}

),

period as (

    select
        cast({{ threshold('park_coal_year_from') }} as integer) as year_from,
        cast({{ threshold('park_coal_year_to') }} as integer) as year_to

),

ends as (

    select
        years.park_id,
        max(period.year_to - period.year_from) as span,
        coalesce(
            max(case when years.year = period.year_to then years.year end), max(years.year)
        ) as year_to
    from years
    cross join period
    group by years.park_id

),

final as (

    select
        park_id,
        year_to - span as year_from,
        year_to
    from ends

)

select * from final
