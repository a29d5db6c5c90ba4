-- What a figure of a report can be compared with, of regions, their industries and named parks.
-- `reads` is the model an indicator is read from, `rows_of` whose rows of it:
-- quality.reconciliation_inputs follows both to what the indicator can rest on.
with region_year as (

    select * from {{ ref('region_year') }}

),

regions as (

    select * from {{ ref('regions') }}

),

region_concentration as (

    select * from {{ ref('region_concentration') }}

),

city_key_industries as (

    select * from {{ ref('city_key_industries') }}

),

park_key_industries as (

    select * from {{ ref('park_key_industries') }}

),

parks as (

    select * from {{ ref('parks') }}

),

always_key_industries as (

    select * from {{ ref('always_key_industries') }}

),

long_region_year as (

    {% for indicator in [
        'coal_t', 'industrial_coal_t', 'co2_t', 'industrial_co2_t', 'coal_co2_t',
        'industrial_value_added_10k_cny', 'industrial_coal_share', 'coal_co2_share',
        'industrial_co2_share', 'industrial_coal_t_per_industrial_va', 'co2_t_per_gdp',
        'industrial_co2_t_per_industrial_va',
    ] %}
        select
            '{{ indicator }}' as indicator_id,
            method,
            region_code,
            year,
            {{ indicator }} as value,
            'region_year' as reads,
            'region' as rows_of
        from region_year
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A count of the registry holds for every year.
registry as (

    select
        'prefecture_count' as indicator_id,
        'none' as method,
        parent_code as region_code,
        cast(null as integer) as year,
        cast(count(*) as double) as value,
        'regions' as reads,
        'reference' as rows_of
    from regions
    where level = 'prefecture' and year_to >= {{ var('as_of_vintage') }}
    group by parent_code

),

concentration as (

    select
        statistic || '_' || measured as indicator_id,
        method,
        region_code,
        year,
        value,
        'region_concentration' as reads,
        'parts' as rows_of
    from region_concentration

),

-- "Clearly above the others" is read as above the mean of the parts, in coal and in CO2.
with_means as (

    select
        region_year.method,
        regions.parent_code,
        region_year.year,
        region_year.coal_t,
        region_year.co2_t,
        avg(region_year.coal_t) over (
            partition by regions.parent_code, region_year.method, region_year.year
            order by region_year.region_code
            rows between unbounded preceding and unbounded following
        ) as mean_coal_t,
        avg(region_year.co2_t) over (
            partition by regions.parent_code, region_year.method, region_year.year
            order by region_year.region_code
            rows between unbounded preceding and unbounded following
        ) as mean_co2_t
    from region_year
    inner join regions on region_year.region_code = regions.region_code
    where regions.level = 'prefecture'

),

above_mean as (

    select
        'regions_above_mean' as indicator_id,
        method,
        parent_code as region_code,
        year,
        cast(
            sum(case when coal_t > mean_coal_t and co2_t > mean_co2_t then 1 else 0 end) as double
        ) as value,
        'region_year' as reads,
        'parts' as rows_of
    from with_means
    group by method, parent_code, year

),

-- The part that named regions have of the one they belong to.
grouped as (

    {% for quantity in ['coal', 'co2'] %}
        select
            groups.group_id || '_{{ quantity }}_share' as indicator_id,
            parts.method,
            regions.parent_code as region_code,
            parts.year,
            sum(parts.{{ quantity }}_t) / nullif(max(wholes.{{ quantity }}_t), 0) as value,
            'region_year' as reads,
            'parts' as rows_of
        from region_year as parts
        inner join {{ ref('reconciliation_groups') }} as groups
            on parts.region_code = groups.region_code
        inner join regions on parts.region_code = regions.region_code
        inner join region_year as wholes
            on
                regions.parent_code = wholes.region_code
                and parts.method = wholes.method
                and parts.year = wholes.year
        group by groups.group_id, parts.method, regions.parent_code, parts.year
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

cities_with_divisions as (

    select
        'cities_with_divisions' as indicator_id,
        city_key_industries.method,
        regions.parent_code as region_code,
        city_key_industries.year,
        cast(count(distinct city_key_industries.region_code) as double) as value,
        'city_key_industries' as reads,
        'parts' as rows_of
    from city_key_industries
    inner join regions on city_key_industries.region_code = regions.region_code
    where regions.level = 'prefecture' and city_key_industries.data_status = 'available'
    group by city_key_industries.method, regions.parent_code, city_key_industries.year

),

-- A name in a list counts one if the rule puts it there, nothing if it does not. What is always
-- key is so by a row of reference and whatever the data say.
listed_industries as (

    select
        'key_industry_' || city_key_industries.industry_code as indicator_id,
        city_key_industries.method,
        city_key_industries.region_code,
        city_key_industries.year,
        case when city_key_industries.key_status = 'key' then 1e0 else 0e0 end as value,
        case
            when always_key_industries.industry_code is null then 'city_key_industries'
            else 'always_key_industries'
        end as reads,
        case when always_key_industries.industry_code is null then 'region' else 'reference' end
            as rows_of
    from city_key_industries
    left join always_key_industries
        on city_key_industries.industry_code = always_key_industries.industry_code
    where city_key_industries.data_status = 'available'

),

regions_without_divisions as (

    select
        'region_without_divisions' as indicator_id,
        method,
        region_code,
        year,
        max(case when data_status = 'no_data' then 1e0 else 0e0 end) as value,
        'city_key_industries' as reads,
        'region' as rows_of
    from city_key_industries
    group by method, region_code, year

),

-- The list of the report is of parks with a name. Where nothing is known of a city's industries,
-- that its list does not name a park says nothing.
listed_parks as (

    select
        'key_park_' || park_key_industries.park_id || '_' || park_key_industries.industry_code
            as indicator_id,
        park_key_industries.method,
        park_key_industries.region_code,
        park_key_industries.year,
        case when park_key_industries.is_key_industry then 1e0 else 0e0 end as value,
        'park_key_industries' as reads,
        'parks' as rows_of
    from park_key_industries
    inner join parks on park_key_industries.park_id = parks.park_id
    where
        not coalesce(parks.is_sample, false)
        and (
            park_key_industries.is_key_industry
            or park_key_industries.city_data_status = 'available'
        )

),

united as (

    select * from long_region_year
    union all
    select * from registry
    union all
    select * from concentration
    union all
    select * from above_mean
    union all
    select * from grouped
    union all
    select * from cities_with_divisions
    union all
    select * from listed_industries
    union all
    select * from regions_without_divisions
    union all
    select * from listed_parks

),

final as (

    select
        indicator_id,
        method,
        region_code as entity_code,
        year,
        value,
        reads,
        rows_of
    from united

)

select * from final
order by indicator_id, method, entity_code, year
