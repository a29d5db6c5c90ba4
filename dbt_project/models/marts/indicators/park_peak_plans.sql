with plans as (

    select * from {{ ref('stg_park_returns__peak_plans') }}
    where {{ is_known_vintage('vintage') }}

),

parks as (

    select * from {{ ref('parks') }}

),

bands as (

    select * from {{ ref('bands') }}

),

latest as (

    select
        *,
        row_number() over (partition by park_id order by vintage desc) as edition_rank
    from plans

),

rates as (

    select
        *,
        coalesce(peak_co2_t / nullif(base_co2_t, 0) - 1, increase_rate) as planned_increase_rate
    from latest
    where edition_rank = 1

),

final as (

    select
        parks.park_id,
        parks.is_sample,
        {{ answer_of('rates.has_plan') }} as plan_answer,
        rates.boundary,
        rates.co2_scope,
        rates.plan_year,
        rates.peak_year,
        rates.peak_co2_t,
        rates.base_year,
        rates.base_co2_t,
        rates.planned_increase_rate as increase_rate,
        increase_bands.band as increase_band,
        coalesce(year_bands.band, rates.peak_period) as peak_period,
        case
            when {{ starts_with("coalesce(year_bands.band, rates.peak_period)", "'fyp_14'") }}
                then 'fyp_14'
            when {{ starts_with("coalesce(year_bands.band, rates.peak_period)", "'fyp_15'") }}
                then 'fyp_15'
            else coalesce(year_bands.band, rates.peak_period)
        end as five_year_plan,
        coalesce(rates.origin, parks.origin) as origin,
        coalesce(rates.source_id, parks.source_id) as source_id
    from parks
    left join rates on parks.park_id = rates.park_id
    left join bands as increase_bands
        on
            increase_bands.band_set = 'peak_increase_rate'
            and (
                rates.planned_increase_rate >= increase_bands.lower
                or increase_bands.lower is null
            )
            and (
                rates.planned_increase_rate < increase_bands.upper
                or increase_bands.upper is null
            )
    left join bands as year_bands
        on
            year_bands.band_set = 'peak_year'
            and rates.peak_year >= year_bands.lower
            and (rates.peak_year < year_bands.upper or year_bands.upper is null)

)

select * from final
order by park_id
