{% set indicators = {
    'gdp_10k_cny': ['gdp_10k_cny', "'whole_zone'"],
    'coal_t': ['industrial_coal_t', "industrial_boundary"],
    'co2_t': ['co2_t', "'whole_zone'"],
} %}

with park_year as (

    select * from {{ ref('park_year_by_method') }}
    where not is_within_park

),

parks as (

    select * from {{ ref('parks') }}

),

regions as (

    select * from {{ ref('regions') }}

),

region_year as (

    select * from {{ ref('region_year') }}

),

methods as (

    select * from {{ ref('methods') }}

),

sets as (

    select
        park_year.*,
        'sample' as park_set
    from park_year
    where park_year.is_sample
    union all
    select
        park_year.*,
        'all_returned' as park_set
    from park_year

),

placed as (

    select
        sets.*,
        regions.province_code as region_code
    from sets
    inner join parks on sets.park_id = parks.park_id
    inner join regions on parks.region_code = regions.region_code

),

-- The sum of a set has the narrowest boundary of its parks, if they have one in common.
sums as (

    select
        park_set,
        region_code,
        year,
        method,
        count(*) as park_count,
        sum(gdp_10k_cny) as gdp_10k_cny,
        case when min(gdp_boundary) = max(gdp_boundary) then min(gdp_boundary) end as gdp_boundary,
        sum(energy_tce) as energy_tce,
        sum(coal_t) as coal_t,
        sum(co2_t) as co2_t,
        case when min(co2_boundary) = max(co2_boundary) then min(co2_boundary) end as co2_boundary,
        max({{ origin_rank('origin') }}) as origin_rank
    from placed
    group by park_set, region_code, year, method

),

provinces as (

    select
        region_year.*,
        case
            when methods.industrial_basis <> 'balance_divisions' then 'above_size_industry'
            else 'all_industry'
        end as industrial_boundary
    from region_year
    inner join methods on region_year.method = methods.method

),

long as (

    {% for indicator, sides in indicators.items() %}
        select
            sums.park_set,
            sums.region_code,
            sums.year,
            sums.method,
            '{{ indicator }}' as indicator,
            sums.park_count,
            sums.{{ indicator }} as set_value,
            {% if indicator == 'gdp_10k_cny' %}
                sums.gdp_boundary as set_boundary,
            {% elif indicator == 'coal_t' %}
                'above_size_industry' as set_boundary,
            {% else %}
                sums.co2_boundary as set_boundary,
            {% endif %}
            provinces.{{ sides[0] }} as province_value,
            {% if sides[1] == 'industrial_boundary' %}
                provinces.industrial_boundary as province_boundary,
            {% else %}
                {{ sides[1] }} as province_boundary,
            {% endif %}
            sums.origin_rank
        from sums
        left join provinces
            on
                sums.region_code = provinces.region_code
                and sums.year = provinces.year
                and sums.method = provinces.method
        union all
    {% endfor %}
    -- The province's energy use of industry above designated size is printed in no table held.
    select
        park_set,
        region_code,
        year,
        method,
        'energy_tce' as indicator,
        park_count,
        energy_tce as set_value,
        'above_size_industry' as set_boundary,
        cast(null as double) as province_value,
        'above_size_industry' as province_boundary,
        origin_rank
    from sums

),

final as (

    select
        park_set,
        region_code,
        year,
        method,
        indicator,
        cast(park_count as integer) as park_count,
        set_value,
        set_boundary,
        province_value,
        province_boundary,
        case
            when set_boundary = province_boundary then set_value / nullif(province_value, 0)
        end as value_share,
        case
            when province_value is null then 'province_not_held'
            when set_boundary is null then 'parks_differ_in_boundary'
            when set_boundary <> province_boundary then 'boundaries_differ'
        end as refusal,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from long

)

select * from final
order by park_set, region_code, year, method, indicator
