-- In the year and by the method of the newest report about the province; where there is none, of
-- the vars key_list_year and key_list_method.
with park_key_industries as (

    select * from {{ ref('park_key_industries') }}
    where is_key_industry

),

parks as (

    select * from {{ ref('parks') }}

),

regions as (

    select * from {{ ref('regions') }}

),

reports as (

    select
        region_code,
        base_year,
        method,
        row_number() over (
            partition by region_code order by edition_year desc, report_id asc
        ) as place
    from {{ ref('reports') }}
    where {{ is_known_vintage('edition_year') }}

),

provinces as (

    select
        regions.region_code,
        coalesce(reports.base_year, {{ var('key_list_year') }}) as year,
        coalesce(reports.method, '{{ var("key_list_method") }}') as method
    from regions
    left join reports on regions.province_code = reports.region_code and reports.place = 1

),

final as (

    select
        park_key_industries.park_id,
        parks.name_zh,
        park_key_industries.region_code,
        park_key_industries.city_code,
        park_key_industries.industry_code,
        park_key_industries.leading_basis,
        park_key_industries.reason,
        park_key_industries.rule,
        park_key_industries.year,
        park_key_industries.method,
        park_key_industries.city_data_status,
        park_key_industries.is_in_city_list,
        park_key_industries.is_in_province_list,
        park_key_industries.city_rank,
        park_key_industries.city_cumulative_share,
        park_key_industries.location_quotient,
        park_key_industries.province_rank,
        park_key_industries.province_cumulative_share,
        park_key_industries.origin
    from park_key_industries
    inner join parks on park_key_industries.park_id = parks.park_id
    inner join provinces
        on
            park_key_industries.region_code = provinces.region_code
            and park_key_industries.year = provinces.year
            and park_key_industries.method = provinces.method

)

select * from final
order by park_id, industry_code
