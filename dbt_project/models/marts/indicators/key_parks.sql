with park_key_industries as (

    select * from {{ ref('park_key_industries') }}
    where
        is_key
        and year = {{ var('key_list_year') }}
        and method = '{{ var("key_list_method") }}'

),

parks as (

    select * from {{ ref('parks') }}

),

final as (

    select
        park_key_industries.park_id,
        parks.name_zh,
        park_key_industries.region_code,
        park_key_industries.industry_code,
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

)

select * from final
order by park_id, industry_code
