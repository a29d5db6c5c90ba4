-- Mann-Kendall's test on every series, over all its years and over those since its maximum. Below
-- ten years without ties the probability is exact; otherwise normal, with continuity and ties.
with series as (

    select * from {{ ref('peak_series') }}

),

mann_kendall_exact as (

    select * from {{ ref('mann_kendall_exact') }}

),

peaks as (

    select
        entity,
        indicator,
        method,
        max(value_t) as peak_value_t
    from series
    group by entity, indicator, method

),

-- Of equal maxima the last.
peak_years as (

    select
        series.entity,
        series.indicator,
        series.method,
        max(series.year) as peak_year
    from series
    inner join peaks
        on
            series.entity = peaks.entity
            and series.indicator = peaks.indicator
            and series.method = peaks.method
            and series.value_t = peaks.peak_value_t
    group by series.entity, series.indicator, series.method

),

windowed as (

    select
        entity,
        indicator,
        method,
        'all_years' as span,
        year,
        value_t
    from series
    union all
    select
        series.entity,
        series.indicator,
        series.method,
        'since_peak' as span,
        series.year,
        series.value_t
    from series
    inner join peak_years
        on
            series.entity = peak_years.entity
            and series.indicator = peak_years.indicator
            and series.method = peak_years.method
            and series.year >= peak_years.peak_year

),

tested as (

    {{ mann_kendall('windowed', ['entity', 'indicator', 'method', 'span'], 'value_t') | indent }}

),

final as (

    select
        tested.entity,
        tested.indicator,
        tested.method,
        tested.span,
        tested.years_count,
        tested.s,
        tested.variance,
        tested.z,
        tested.p_normal,
        case
            when not tested.has_ties and mann_kendall_exact.orders is not null
                then
                    least(
                        1,
                        2 * mann_kendall_exact.orders_at_least
                        / cast(mann_kendall_exact.orders as double)
                    )
        end as p_exact
    from tested
    left join mann_kendall_exact
        on
            tested.years_count = mann_kendall_exact.years_count
            and abs(tested.s) = mann_kendall_exact.s

)

select * from final
order by entity, indicator, method, span
