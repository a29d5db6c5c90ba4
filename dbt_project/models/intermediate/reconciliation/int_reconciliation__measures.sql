-- The marts' measures in one long table, so that a figure can be matched to one by name.
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

long_region_year as (

    {% for measure in [
        'coal_t', 'industrial_coal_t', 'co2_t', 'industrial_co2_t', 'coal_co2_t',
        'industrial_value_added_10k_cny', 'industrial_coal_share', 'coal_co2_share',
        'industrial_co2_share', 'industrial_coal_t_per_10k_cny', 'co2_t_per_10k_cny',
        'industrial_co2_t_per_10k_cny',
    ] %}
        select
            '{{ measure }}' as measure,
            method,
            region_code,
            year,
            {{ measure }} as value
        from region_year
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A count of the registry holds for every year.
registry as (

    select
        'prefecture_count' as measure,
        'none' as method,
        parent_code as region_code,
        cast(null as integer) as year,
        cast(count(*) as double) as value
    from regions
    where level = 'prefecture' and year_to >= {{ var('as_of_vintage') }}
    group by parent_code

),

concentration as (

    select
        measure || '_' || of as measure,
        method,
        region_code,
        year,
        value
    from region_concentration

),

cities_with_divisions as (

    select
        'cities_with_divisions' as measure,
        city_key_industries.method,
        regions.parent_code as region_code,
        city_key_industries.year,
        cast(count(distinct city_key_industries.region_code) as double) as value
    from city_key_industries
    inner join regions on city_key_industries.region_code = regions.region_code
    where regions.level = 'prefecture' and city_key_industries.data_status = 'available'
    group by city_key_industries.method, regions.parent_code, city_key_industries.year

),

-- A name in a list counts one if the rule puts it there, nothing if it does not.
listed_industries as (

    select
        'key_industry_' || industry_code as measure,
        method,
        region_code,
        year,
        case when is_key then 1e0 else 0e0 end as value
    from city_key_industries
    where data_status = 'available'

),

listed_parks as (

    select
        'key_park_' || park_id || '_' || industry_code as measure,
        method,
        region_code,
        year,
        case when is_key then 1e0 else 0e0 end as value
    from park_key_industries

),

final as (

    select * from long_region_year
    union all
    select * from registry
    union all
    select * from {{ ref('int_reconciliation__scenario_measures') }}
    union all
    select * from concentration
    union all
    select * from cities_with_divisions
    union all
    select * from listed_industries
    union all
    select * from listed_parks
    union all
    select * from {{ ref('int_reconciliation__sample_measures') }}
    union all
    select * from {{ ref('int_reconciliation__sample_counts') }}
    union all
    select * from {{ ref('int_reconciliation__park_measures') }}

)

select * from final
