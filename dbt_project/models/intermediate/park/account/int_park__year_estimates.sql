-- What a year of a park comes to, judged from its first months: by the shape of the year before if
-- that was returned month by month, else as if every month were like those held. Of a year that is
-- complete it is a test of the estimate, of one that is not it is the estimate.
with months as (

    select * from {{ ref('int_park__months_emitted') }}

),

monthly as (

    select
        park_id,
        method,
        year,
        month,
        sum(co2_t) as co2_t,
        max(origin_rank) as origin_rank
    from months
    group by park_id, method, year, month

),

-- A year with a figure of the whole year in it has no shape, nor has one with a month left out.
years as (

    select
        park_id,
        method,
        year,
        max(month) as months_held,
        max(origin_rank) as origin_rank
    from monthly
    group by park_id, method, year
    having count(*) = count(month) and count(*) = max(month)

),

cumulated as (

    select
        monthly.park_id,
        monthly.method,
        monthly.year,
        monthly.month as months_known,
        years.months_held,
        years.origin_rank,
        sum(monthly.co2_t) over (
            partition by monthly.park_id, monthly.method, monthly.year
            order by monthly.month
            rows between unbounded preceding and current row
        ) as co2_to_date_t
    from monthly
    inner join years
        on
            monthly.park_id = years.park_id
            and monthly.method = years.method
            and monthly.year = years.year

),

totals as (

    select
        park_id,
        method,
        year,
        co2_to_date_t as co2_t
    from cumulated
    where months_known = {{ threshold('months_of_year') }}

),

estimated as (

    select
        cumulated.park_id,
        cumulated.method,
        cumulated.year,
        cumulated.months_known,
        cumulated.months_held,
        cumulated.co2_to_date_t,
        cumulated.origin_rank,
        case when before.co2_to_date_t > 0 then 'last_year' else 'even' end as estimate_basis,
        case
            when before.co2_to_date_t > 0
                then cumulated.co2_to_date_t * totals_before.co2_t / before.co2_to_date_t
            else
                cumulated.co2_to_date_t
                * {{ threshold('months_of_year') }}
                / cumulated.months_known
        end as estimated_co2_t,
        totals.co2_t
    from cumulated
    left join totals
        on
            cumulated.park_id = totals.park_id
            and cumulated.method = totals.method
            and cumulated.year = totals.year
    left join totals as totals_before
        on
            cumulated.park_id = totals_before.park_id
            and cumulated.method = totals_before.method
            and cumulated.year = totals_before.year + 1
    left join cumulated as before
        on
            totals_before.park_id = before.park_id
            and totals_before.method = before.method
            and totals_before.year = before.year
            and cumulated.months_known = before.months_known

),

final as (

    select
        park_id,
        method,
        year,
        cast(months_known as integer) as months_known,
        cast(months_held as integer) as months_held,
        co2_to_date_t,
        estimate_basis,
        estimated_co2_t,
        co2_t,
        origin_rank
    from estimated
    where months_known < {{ threshold('months_of_year') }}

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, method, year, months_known
