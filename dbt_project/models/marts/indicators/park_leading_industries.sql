with emissions as (

    select * from {{ ref('park_co2_by_method') }}

),

energy as (

    select * from {{ ref('park_energy') }}

),

registry as (

    {{ latest_edition(ref('stg_park_returns__parks'), ['park_id']) | indent }}

),

park_year as (

    select * from {{ ref('park_year_by_method') }}

),

industries as (

    select * from {{ ref('industries') }}

),

-- Leading industries as the park returns them, in their order.
named_leaders as (

    {% for position in range(1, 6) %}
        select
            park_id,
            leading_industry_code_{{ position }} as industry_code,
            {{ loop.index0 }} + 1 as leading_rank
        from registry
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

emitted as (

    select
        park_id,
        year,
        method,
        industry_code,
        sum(co2_t) as co2_t
    from emissions
    group by park_id, year, method, industry_code

),

burnt as (

    select
        park_id,
        year,
        industry_code,
        sum(coal_t) as coal_t,
        sum(energy_tce) as energy_tce
    from energy
    group by park_id, year, industry_code

),

-- An industry is in the table if it leads, emits or uses energy.
keys as (

    select
        park_year.park_id,
        park_year.year,
        park_year.method,
        burnt.industry_code
    from park_year
    inner join burnt on park_year.park_id = burnt.park_id and park_year.year = burnt.year
    union
    select
        park_year.park_id,
        park_year.year,
        park_year.method,
        named_leaders.industry_code
    from park_year
    inner join named_leaders on park_year.park_id = named_leaders.park_id
    where named_leaders.industry_code is not null

),

joined as (

    select
        keys.park_id,
        keys.year,
        keys.method,
        keys.industry_code,
        industries.is_industrial,
        emitted.co2_t,
        burnt.coal_t,
        burnt.energy_tce,
        cast(named_leaders.leading_rank as integer) as leading_rank,
        emitted.co2_t / nullif(park_year.co2_t, 0) as co2_share,
        burnt.coal_t / nullif(park_year.coal_t, 0) as coal_use_share,
        park_year.origin
    from keys
    inner join park_year
        on
            keys.park_id = park_year.park_id
            and keys.year = park_year.year
            and keys.method = park_year.method
    inner join industries on keys.industry_code = industries.industry_code
    left join emitted
        on
            keys.park_id = emitted.park_id
            and keys.year = emitted.year
            and keys.method = emitted.method
            and keys.industry_code = emitted.industry_code
    left join burnt
        on
            keys.park_id = burnt.park_id
            and keys.year = burnt.year
            and keys.industry_code = burnt.industry_code
    left join named_leaders
        on keys.park_id = named_leaders.park_id and keys.industry_code = named_leaders.industry_code

),

final as (

    select
        park_id,
        year,
        method,
        industry_code,
        co2_t,
        coal_t,
        energy_tce,
        co2_share,
        coal_use_share,
        leading_rank,
        leading_rank is not null as is_leading,
        is_industrial
        and coalesce(co2_share >= {{ threshold('main_emitter_share_min') }}, false)
            as is_main_emitter,
        is_industrial
        and coalesce(coal_use_share >= {{ threshold('main_coal_user_share_min') }}, false)
            as is_main_coal_user,
        cast(
            rank() over (
                partition by park_id, year, method
                order by {{ tie_value('co2_t', 'co2_t') }} desc nulls last
            ) as integer
        ) as emission_rank,
        origin
    from joined

)

select * from final
order by park_id, year, method, industry_code
