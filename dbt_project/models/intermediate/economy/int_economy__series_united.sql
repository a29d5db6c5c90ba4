-- Value added by region, year, indicator and edition; current prices as first printed.
with observations as (

    select * from {{ ref('stg_china_yearbook__gdp') }}
    union all
    select * from {{ ref('stg_city_yearbooks__city_gdp') }}
    union all
    select * from {{ ref('stg_city_yearbooks__industrial_value_added') }}

),

final as (

    select
        dataset,
        region_code,
        year,
        indicator,
        vintage,
        value_10k_cny,
        value_status,
        origin,
        source_id,
        vintage = max(case when value_10k_cny is not null then vintage end) over (
            partition by region_code, year, indicator
        ) as is_latest_vintage
    from observations
    where {{ is_known_vintage('vintage') }}

)

select * from final
