with enterprises as (

    select * from {{ ref('int_park__enterprises_ranked') }}

),

final as (

    select
        park_id,
        enterprise_id,
        year,
        method,
        scope,
        name_zh,
        industry_code,
        narrowest_boundary,
        is_aggregate,
        co2_t,
        co2e_t,
        coal_t,
        energy_tce,
        co2_share,
        rank_in_park,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin,
        source_id
    from enterprises

)

select * from final
order by park_id, year, method, enterprise_id, scope
