-- Has CO2 peaked? The maximum has to lie back some years, and the years since tell a fall from a
-- plateau.
with series as (

    select * from {{ ref('peak_series') }}

),

trends as (

    select * from {{ ref('peak_trends') }}

),

settings as (

    select
        {{ threshold('trend_significance') }} as significance,
        {{ threshold('peak_age_min') }} as age_min,
        {{ threshold('peak_years_min') }} as years_min

),

ranges as (

    select
        entity_type,
        entity,
        region_code,
        indicator,
        method,
        min(year) as year_from,
        max(year) as year_to,
        count(*) as years_count,
        max(value_t) as peak_value_t,
        min(grid_factor_year) < max(grid_factor_year) as has_series_break,
        max(origin_rank) as origin_rank
    from series
    group by entity_type, entity, region_code, indicator, method

),

peaks as (

    select
        ranges.entity,
        ranges.indicator,
        ranges.method,
        max(series.year) as peak_value_year
    from ranges
    inner join series
        on
            ranges.entity = series.entity
            and ranges.indicator = series.indicator
            and ranges.method = series.method
            and ranges.peak_value_t = series.value_t
    group by ranges.entity, ranges.indicator, ranges.method

),

judged as (

    select
        trends.*,
        coalesce(trends.p_exact, trends.p_normal) as p_value,
        case
            when coalesce(trends.p_exact, trends.p_normal) > settings.significance then 'none'
            when trends.s < 0 then 'falling'
            else 'rising'
        end as trend
    from trends
    cross join settings

),

final as (

    select
        ranges.entity_type,
        ranges.entity,
        ranges.region_code,
        ranges.indicator,
        ranges.method,
        ranges.year_from,
        ranges.year_to,
        ranges.years_count,
        peaks.peak_value_year,
        ranges.peak_value_t,
        all_years.s as mann_kendall_s,
        all_years.variance as mann_kendall_variance,
        all_years.z as mann_kendall_z,
        all_years.p_value,
        all_years.p_normal,
        all_years.p_exact,
        all_years.trend,
        since_peak.p_value as p_value_since_peak,
        since_peak.trend as trend_since_peak,
        case
            when ranges.years_count < settings.years_min then 'insufficient'
            when
                ranges.year_to - peaks.peak_value_year >= settings.age_min
                and since_peak.trend = 'falling'
                then 'peaked'
            when ranges.year_to - peaks.peak_value_year >= settings.age_min then 'plateau'
            else 'not_peaked'
        end as status,
        coalesce(ranges.has_series_break, false) as has_series_break,
        {{ origin_of_rank('greatest(ranges.origin_rank, 2)') }} as origin
    from ranges
    cross join settings
    inner join peaks
        on
            ranges.entity = peaks.entity
            and ranges.indicator = peaks.indicator
            and ranges.method = peaks.method
    left join judged as all_years
        on
            ranges.entity = all_years.entity
            and ranges.indicator = all_years.indicator
            and ranges.method = all_years.method
            and all_years.span = 'all_years'
    left join judged as since_peak
        on
            ranges.entity = since_peak.entity
            and ranges.indicator = since_peak.indicator
            and ranges.method = since_peak.method
            and since_peak.span = 'since_peak'

)

select * from final
order by entity_type, entity, indicator, method
