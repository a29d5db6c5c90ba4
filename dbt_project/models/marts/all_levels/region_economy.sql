{% set indicators = [
    'gdp', 'gdp_revised', 'primary_value_added', 'secondary_value_added',
    'tertiary_value_added', 'industrial_value_added', 'construction_value_added',
] %}

with printed as (

    select * from {{ ref('int_economy__series_united') }}

),

indices as (

    select * from {{ ref('stg_city_yearbooks__city_gdp_index') }}
    where {{ is_known_vintage('vintage') }}

),

economy_series as (

    select * from {{ ref('economy_series') }}

),

-- The revised series stands beside what was printed first, and never in its place.
series as (

    select
        region_code,
        year,
        vintage,
        indicator,
        value_10k_cny,
        origin,
        source_id
    from printed
    union all
    select
        indices.region_code,
        indices.year,
        indices.vintage,
        indices.indicator || '_' || economy_series.series as indicator,
        indices.value as value_10k_cny,
        indices.origin,
        indices.source_id
    from indices
    inner join economy_series on indices.dataset = economy_series.dataset
    where indices.indicator = 'gdp'

),

wide as (

    select
        region_code,
        year,
        vintage,
        {% for indicator in indicators %}
            max(case when indicator = '{{ indicator }}' then value_10k_cny end)
                as {{ indicator }}_10k_cny,
        {% endfor %}
        max({{ origin_rank('origin') }}) as origin_rank,
        min(source_id) as source_id
    from series
    group by region_code, year, vintage

),

final as (

    select
        region_code,
        year,
        vintage,
        vintage = max(vintage) over (partition by region_code, year) as is_latest_vintage,
        'current' as price_basis,
        gdp_10k_cny,
        gdp_revised_10k_cny,
        primary_value_added_10k_cny,
        secondary_value_added_10k_cny,
        tertiary_value_added_10k_cny,
        industrial_value_added_10k_cny,
        construction_value_added_10k_cny,
        {{ origin_of_rank('origin_rank') }} as origin,
        source_id
    from wide

)

select * from final
order by region_code, year, vintage
