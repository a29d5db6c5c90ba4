with enterprises as (

    select * from {{ ref('int_park__enterprises_ranked') }}

),

within_parks as (

    select distinct
        park_id,
        year
    from {{ ref('int_park__boundaries_nested') }}

),

final as (

    select
        enterprises.park_id,
        enterprises.enterprise_id,
        enterprises.year,
        enterprises.method,
        enterprises.scope,
        enterprises.name_zh,
        enterprises.industry_code,
        enterprises.narrowest_boundary,
        within_parks.park_id is not null as is_within_park,
        enterprises.is_aggregate,
        enterprises.co2_t,
        enterprises.co2e_t,
        enterprises.coal_t,
        enterprises.energy_tce,
        enterprises.co2_share,
        enterprises.rank_in_park,
        {{ origin_of_rank('greatest(2, enterprises.origin_rank)') }} as origin,
        enterprises.source_id
    from enterprises
    left join within_parks
        on enterprises.park_id = within_parks.park_id and enterprises.year = within_parks.year

)

select * from final
order by park_id, year, method, enterprise_id, scope
