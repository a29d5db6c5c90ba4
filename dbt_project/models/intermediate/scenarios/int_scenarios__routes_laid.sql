-- Every year of every scenario: in which segment of its way each indicator is, between two anchors
-- or after the last, and the factors of the fuel groups. The same for every case.
{% set groups = ['coal', 'oil', 'gas', 'other'] %}
{% set indicators = scenario_indicators() %}

with anchors as (

    select * from {{ ref('int_scenarios__anchors_prepared') }}

),

kaya_factors as (

    select * from {{ ref('int_drivers__kaya_factors_derived') }}

),

scenarios as (

    select * from {{ ref('scenario_definitions') }}

),

numbers as (

    {{ whole_numbers() | indent }}

),

-- Between two anchors, and on after the last one, an indicator changes by one yearly rate.
segments as (

    select
        scenario,
        region_code,
        method,
        indicator,
        origin_rank,
        anchor_number,
        coalesce(
            lag(year) over (
                partition by scenario, region_code, method, indicator order by year
            ), base_year
        ) as year_from,
        year as year_to,
        row_number() over (
            partition by scenario, region_code, method, indicator order by year desc
        ) = 1 as is_last
    from anchors

),

years as (

    select
        scenarios.scenario,
        scenarios.base_year,
        scenarios.base_year + numbers.number as year
    from scenarios
    inner join numbers on numbers.number <= scenarios.last_year - scenarios.base_year

),

placed as (

    select
        segments.*,
        years.base_year,
        years.year,
        (years.year - segments.year_from)
        / nullif(segments.year_to - segments.year_from, 0) as part_of_way,
        row_number() over (
            partition by
                segments.scenario, segments.region_code, segments.method, segments.indicator,
                years.year
            order by segments.year_to desc
        ) as precedence
    from segments
    inner join years
        on
            segments.scenario = years.scenario
            and (
                (segments.year_from < years.year or years.year = years.base_year)
                and segments.year_from <= years.year
                and (segments.year_to >= years.year or segments.is_last)
            )

),

-- A fuel group that is not burnt in the base year has the factor it last had.
known_factors as (

    {{ factors_last_known('kaya_factors', groups) | indent }}

),

-- One row for each year, with the segment in which each indicator is.
routes as (

    select
        scenario,
        region_code,
        method,
        base_year,
        year,
        {% for indicator in indicators %}
            max(case when indicator = '{{ indicator }}' then anchor_number end)
                as {{ indicator }}_anchor,
            max(case when indicator = '{{ indicator }}' then part_of_way end)
                as {{ indicator }}_part,
        {% endfor %}
        max(origin_rank) as origin_rank
    from placed
    where precedence = 1
    group by scenario, region_code, method, base_year, year

),

final as (

    select
        cast(
            row_number() over (
                order by routes.scenario, routes.region_code, routes.method, routes.year
            ) as integer
        ) as route_number,
        routes.scenario,
        routes.region_code,
        routes.method,
        routes.base_year,
        routes.year,
        {% for indicator in indicators %}
            routes.{{ indicator }}_anchor,
            routes.{{ indicator }}_part,
        {% endfor %}
        {% for group in groups %}
            coalesce(kaya_factors.{{ group }}_co2_t_per_tce, known_factors.{{ group }}_known)
                as {{ group }}_co2_t_per_tce,
        {% endfor %}
        routes.origin_rank
    from routes
    inner join kaya_factors
        on
            routes.region_code = kaya_factors.region_code
            and routes.method = kaya_factors.method
            and routes.base_year = kaya_factors.year
    inner join known_factors
        on
            routes.region_code = known_factors.region_code
            and routes.method = known_factors.method

)

select * from final
