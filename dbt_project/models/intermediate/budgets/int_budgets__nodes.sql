-- Who may have a carbon budget, in every year that somebody has one: provinces and cities with an
-- account, parks that lie in no other park, their enterprises, and whoever was given a budget.
-- What is given goes before what is computed; shares go by the CO2 of the base year, the last one
-- before the budget that both the province and its parks have.
with returned as (

    {{ latest_edition(
        ref('stg_government_bulletins__carbon_budgets'),
        ['region_code', 'park_id', 'enterprise_id', 'year']
    ) | indent }}

),

regions as (

    select * from {{ ref('regions') }}

),

parks as (

    select * from {{ ref('parks') }}

),

region_accounts as (

    select * from {{ ref('region_year') }}
    where method = '{{ var("default_method") }}' and is_complete and co2_t is not null

),

enterprise_accounts as (

    select
        park_id,
        enterprise_id,
        year,
        sum(co2_t) as co2_t,
        max({{ origin_rank('origin') }}) as origin_rank
    from {{ ref('enterprise_co2') }}
    group by park_id, enterprise_id, year

),

park_places as (

    select
        parks.park_id,
        coalesce(regions.prefecture_code, regions.province_code) as parent_id,
        regions.province_code
    from parks
    inner join regions on parks.region_code = regions.region_code

),

-- CO2 of every node in every year that has an account.
emitted as (

    select
        regions.region_code as node_id,
        case regions.level when 'province' then 'province' else 'city' end as budget_level,
        case regions.level when 'prefecture' then regions.province_code end as parent_id,
        regions.province_code,
        region_accounts.year,
        region_accounts.co2_t,
        {{ origin_rank('region_accounts.origin') }} as origin_rank
    from region_accounts
    inner join regions on region_accounts.region_code = regions.region_code
    where regions.level in ('province', 'prefecture')
    union all
    select
        enterprise_accounts.park_id as node_id,
        'park' as budget_level,
        max(park_places.parent_id) as parent_id,
        max(park_places.province_code) as province_code,
        enterprise_accounts.year,
        sum(enterprise_accounts.co2_t) as co2_t,
        max(enterprise_accounts.origin_rank) as origin_rank
    from enterprise_accounts
    inner join park_places on enterprise_accounts.park_id = park_places.park_id
    group by enterprise_accounts.park_id, enterprise_accounts.year
    union all
    select
        enterprise_accounts.park_id || '/' || enterprise_accounts.enterprise_id as node_id,
        'enterprise' as budget_level,
        enterprise_accounts.park_id as parent_id,
        park_places.province_code,
        enterprise_accounts.year,
        enterprise_accounts.co2_t,
        enterprise_accounts.origin_rank
    from enterprise_accounts
    inner join park_places on enterprise_accounts.park_id = park_places.park_id

),

given as (

    select
        case
            when returned.park_id is null then returned.region_code
            when returned.enterprise_id is null then returned.park_id
            else returned.park_id || '/' || returned.enterprise_id
        end as node_id,
        case
            when returned.enterprise_id is not null then 'enterprise'
            when returned.park_id is not null then 'park'
            when regions.level = 'province' then 'province'
            else 'city'
        end as budget_level,
        case
            when returned.enterprise_id is not null then returned.park_id
            when returned.park_id is not null then returned.region_code
            when regions.level <> 'province' then regions.province_code
        end as parent_id,
        regions.province_code,
        returned.year,
        returned.budget_t,
        {{ origin_rank('returned.origin') }} as origin_rank,
        returned.source_id
    from returned
    inner join regions on returned.region_code = regions.region_code

),

budget_years as (

    select distinct
        province_code,
        year
    from given

),

last_years as (

    select
        budget_years.province_code,
        budget_years.year,
        max(case when emitted.budget_level in ('province', 'city') then emitted.year end)
            as region_year,
        max(case when emitted.budget_level = 'enterprise' then emitted.year end)
            as enterprise_year
    from budget_years
    inner join emitted
        on
            budget_years.province_code = emitted.province_code
            and budget_years.year > emitted.year
    group by budget_years.province_code, budget_years.year

),

based as (

    select
        last_years.year,
        least(last_years.region_year, last_years.enterprise_year) as base_year,
        emitted.node_id,
        emitted.budget_level,
        emitted.parent_id,
        emitted.province_code,
        emitted.co2_t as share_base_co2_t,
        emitted.origin_rank
    from last_years
    inner join emitted
        on
            last_years.province_code = emitted.province_code
            and emitted.year = least(last_years.region_year, last_years.enterprise_year)

),

keys as (

    select
        year,
        node_id
    from based
    union
    select
        year,
        node_id
    from given

),

final as (

    select
        keys.node_id,
        keys.year,
        coalesce(given.budget_level, based.budget_level) as budget_level,
        coalesce(given.parent_id, based.parent_id) as parent_id,
        coalesce(given.province_code, based.province_code) as province_code,
        based.base_year,
        based.share_base_co2_t,
        given.budget_t as given_t,
        emitted.co2_t as spent_t,
        given.source_id,
        greatest(based.origin_rank, given.origin_rank, emitted.origin_rank) as origin_rank
    from keys
    left join based on keys.year = based.year and keys.node_id = based.node_id
    left join given on keys.year = given.year and keys.node_id = given.node_id
    left join emitted on keys.year = emitted.year and keys.node_id = emitted.node_id

)

select * from final
order by year, budget_level, node_id
