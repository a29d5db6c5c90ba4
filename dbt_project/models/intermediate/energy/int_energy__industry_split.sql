-- Is the split of final consumption between industries a figure of its year, or last year's split
-- rescaled? Half the sum of absolute changes of the industries' shares, by region and fuel.
with series as (

    select * from {{ ref('int_energy__series_aggregated') }}

),

industries as (

    select * from {{ ref('industries') }}

),

split as (

    select
        series.region_code,
        series.fuel_code,
        series.year,
        series.industry_code,
        coalesce(series.quantity / nullif(sum(series.quantity) over (
            partition by series.region_code, series.fuel_code, series.year
        ), 0), 0) as share
    from series
    inner join industries on series.industry_code = industries.industry_code
    where
        series.balance_item = 'final_consumption'
        and series.is_latest_vintage
        and industries.is_industrial
        and industries.level in ('division', 'composite')

),

changes as (

    select
        later.region_code,
        later.fuel_code,
        later.year,
        sum(abs(later.share - earlier.share)) / 2 as share_change,
        -- A fuel nobody used has no split to repeat.
        max(later.share) > 0 and max(earlier.share) > 0 as has_both_splits
    from split as later
    inner join split as earlier
        on
            later.region_code = earlier.region_code
            and later.fuel_code = earlier.fuel_code
            and later.industry_code = earlier.industry_code
            and later.year = earlier.year + 1
    group by later.region_code, later.fuel_code, later.year

),

repeated as (

    select
        *,
        has_both_splits
        and {{ is_below('share_change', threshold('frozen_share_change'), 1) }} as is_repeated
    from changes

),

years as (

    select distinct
        region_code,
        fuel_code,
        year
    from split

),

final as (

    select
        years.region_code,
        years.fuel_code,
        years.year,
        before.share_change as share_change_from_previous_year,
        coalesce(before.has_both_splits, false) as has_split_of_previous_year,
        coalesce(before.is_repeated, false) or coalesce(after.is_repeated, false)
            as is_split_frozen
    from years
    left join repeated as before
        on
            years.region_code = before.region_code
            and years.fuel_code = before.fuel_code
            and years.year = before.year
    left join repeated as after
        on
            years.region_code = after.region_code
            and years.fuel_code = after.fuel_code
            and years.year = after.year - 1

)

select * from final
