{% set places = range(1, 6) %}

-- R-PARK: the leading industries of a park against the list of its city and that of the province.
-- They follow from what its enterprises return: the main emitters and main users of coal. Where no
-- enterprise of the park returns, those that the registry states stand in.
with registry as (

    select * from {{ ref('stg_park_returns__parks') }}
    where {{ is_known_vintage('vintage') }}

),

parks as (

    select * from {{ ref('parks') }}

),

regions as (

    select * from {{ ref('regions') }}

),

key_industries as (

    select * from {{ ref('city_key_industries') }}

),

always_key_industries as (

    select * from {{ ref('always_key_industries') }}

),

industries as (

    select * from {{ ref('park_leading_industries') }}
    where energy_tce is not null

),

-- A county belongs to the list of its city; one directly under a province has none.
placed as (

    select
        parks.park_id,
        parks.region_code,
        parks.energy_infrastructure_answer,
        coalesce(regions.prefecture_code, regions.region_code) as city_code,
        regions.province_code,
        parks.origin
    from parks
    inner join regions on parks.region_code = regions.region_code

),

periods as (

    select distinct
        region_code,
        year,
        method
    from key_industries
    where data_status = 'available'

),

park_periods as (

    select
        placed.*,
        periods.year,
        periods.method
    from placed
    inner join periods on placed.province_code = periods.region_code

),

stated as (

    {% for place in places %}
        select
            registry.park_id,
            registry.leading_industry_code_{{ place }} as industry_code,
            {{ place }} as place
        from registry
        inner join parks
            on registry.park_id = parks.park_id and registry.vintage = parks.vintage
        where registry.leading_industry_code_{{ place }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

with_returns as (

    select distinct
        park_id,
        year,
        method
    from industries

),

leading_industries as (

    select
        park_periods.park_id,
        park_periods.year,
        park_periods.method,
        industries.industry_code,
        industries.emission_rank as place,
        'returns' as leading_basis
    from park_periods
    inner join industries
        on
            park_periods.park_id = industries.park_id
            and park_periods.year = industries.year
            and park_periods.method = industries.method
    where industries.is_main_emitter or industries.is_main_coal_user
    union all
    select
        park_periods.park_id,
        park_periods.year,
        park_periods.method,
        stated.industry_code,
        min(stated.place) as place,
        'registry' as leading_basis
    from park_periods
    inner join stated on park_periods.park_id = stated.park_id
    left join with_returns
        on
            park_periods.park_id = with_returns.park_id
            and park_periods.year = with_returns.year
            and park_periods.method = with_returns.method
    where with_returns.park_id is null
    group by
        park_periods.park_id, park_periods.year, park_periods.method, stated.industry_code

),

-- Energy infrastructure counts as a leading industry that is always key.
with_infrastructure as (

    select * from leading_industries
    union all
    select
        park_periods.park_id,
        park_periods.year,
        park_periods.method,
        always_key_industries.industry_code,
        cast(null as integer) as place,
        'infrastructure' as leading_basis
    from park_periods
    cross join always_key_industries
    left join leading_industries
        on
            park_periods.park_id = leading_industries.park_id
            and park_periods.year = leading_industries.year
            and park_periods.method = leading_industries.method
            and always_key_industries.industry_code = leading_industries.industry_code
    where park_periods.energy_infrastructure_answer = 'yes' and leading_industries.park_id is null

),

judged as (

    select
        placed.park_id,
        placed.region_code,
        placed.city_code,
        placed.province_code,
        with_infrastructure.industry_code,
        with_infrastructure.place,
        with_infrastructure.leading_basis,
        with_infrastructure.year,
        with_infrastructure.method,
        city.data_status as city_row_status,
        coalesce(city.key_status = 'key', false) as is_in_city_list,
        coalesce(province.key_status = 'key', false) as is_in_province_list,
        always_key_industries.industry_code is not null as is_energy_infrastructure,
        city.rank as city_rank,
        city.cumulative_share as city_cumulative_share,
        city.location_quotient,
        province.rank as province_rank,
        province.cumulative_share as province_cumulative_share,
        greatest(
            2,
            {{ origin_rank('placed.origin') }},
            case
                when city.key_status = 'key' then {{ origin_rank('city.origin') }} else 2
            end,
            case
                when province.key_status = 'key' then {{ origin_rank('province.origin') }} else 2
            end
        ) as origin_rank
    from placed
    inner join with_infrastructure on placed.park_id = with_infrastructure.park_id
    left join key_industries as city
        on
            placed.city_code = city.region_code
            and with_infrastructure.year = city.year
            and with_infrastructure.method = city.method
            and with_infrastructure.industry_code = city.industry_code
    left join key_industries as province
        on
            placed.province_code = province.region_code
            and with_infrastructure.year = province.year
            and with_infrastructure.method = province.method
            and with_infrastructure.industry_code = province.industry_code
    left join always_key_industries
        on with_infrastructure.industry_code = always_key_industries.industry_code

),

no_data as (

    select
        region_code,
        year,
        method
    from key_industries
    where data_status = 'no_data'

),

final as (

    select
        judged.park_id,
        judged.region_code,
        judged.city_code,
        judged.industry_code,
        judged.year,
        judged.method,
        cast(judged.place as integer) as leading_place,
        judged.leading_basis,
        case when no_data.region_code is null then 'available' else 'no_data' end
            as city_data_status,
        judged.is_in_city_list,
        judged.is_in_province_list,
        judged.is_energy_infrastructure,
        judged.is_energy_infrastructure or judged.is_in_city_list or judged.is_in_province_list
            as is_key_industry,
        case
            when judged.is_energy_infrastructure then 'energy_infrastructure'
            when judged.is_in_city_list or judged.is_in_province_list then 'key_industry'
        end as reason,
        case
            when judged.is_energy_infrastructure then 'R-PARK/infrastructure'
            when judged.is_in_city_list and judged.is_in_province_list
                then 'R-PARK/city+province'
            when judged.is_in_city_list then 'R-PARK/city'
            when judged.is_in_province_list then 'R-PARK/province'
        end as rule,
        judged.city_rank,
        judged.city_cumulative_share,
        judged.location_quotient,
        judged.province_rank,
        judged.province_cumulative_share,
        {{ origin_of_rank('judged.origin_rank') }} as origin
    from judged
    left join no_data
        on
            judged.city_code = no_data.region_code
            and judged.year = no_data.year
            and judged.method = no_data.method

)

select * from final
order by park_id, year, method, leading_place nulls last, industry_code
