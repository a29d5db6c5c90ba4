with cases as (

    select * from {{ ref('int_scenarios__cases_valued') }}

),

draws as (

    select * from {{ ref('int_scenarios__draws_valued') }}

),

prices as (

    select distinct
        scenario,
        region_code,
        method,
        price_basis,
        real_trend_refusal
    from {{ ref('int_scenarios__anchors_prepared') }}

),

settings as (

    select
        {{ threshold('interval_low') }} as probability_low,
        {{ threshold('interval_high') }} as probability_high

),

central as (

    select * from cases
    where case_kind = 'central'

),

ranked as (

    select
        route_number,
        co2_t,
        (row_number() over (partition by route_number order by co2_t, case_number) - 1)
        / (count(*) over (partition by route_number) - 1e0) as position
    from draws

),

-- The draws next to each quantile; between the median's neighbours, their mean.
intervals as (

    select
        ranked.route_number,
        max(case when ranked.position <= settings.probability_low then ranked.co2_t end) as low_t,
        median(ranked.co2_t) as median_t,
        min(case when ranked.position >= settings.probability_high then ranked.co2_t end) as high_t
    from ranked
    cross join settings
    group by ranked.route_number

),

final as (

    select
        central.region_code,
        central.scenario,
        central.year,
        central.method,
        central.base_year,
        central.industrial_value_added_10k_cny,
        prices.price_basis,
        prices.real_trend_refusal,
        central.energy_tce_per_industrial_va,
        central.energy_tce as industrial_energy_tce,
        central.coal_share,
        central.oil_share,
        central.gas_share,
        central.other_share,
        central.co2_t as direct_and_purchased_co2_t,
        intervals.median_t as co2_median_t,
        intervals.low_t as co2_low_t,
        intervals.high_t as co2_high_t,
        -- The gate marks what it doubts (quality.doubtful_rows).
        false as is_doubtful,
        {{ origin_of_rank('greatest(central.origin_rank, 3)') }} as origin
    from central
    inner join prices
        on
            central.scenario = prices.scenario
            and central.region_code = prices.region_code
            and central.method = prices.method
    inner join intervals on central.route_number = intervals.route_number

)

select * from final
order by region_code, scenario, method, year
