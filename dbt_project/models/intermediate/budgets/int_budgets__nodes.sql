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

emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'territorial' and method = '{{ var("default_method") }}'

),

refused as (

    {{ region_refusals() }}

),

enterprises as (

    select * from {{ ref('int_park__enterprises_ranked') }}
    where method = '{{ var("default_method") }}'

),

within_parks as (

    select distinct
        park_id,
        year
    from {{ ref('int_park__boundaries_nested') }}

),

-- Regions whose account lacks no cell.
region_accounts as (

    select
        emissions.region_code,
        emissions.year,
        sum(emissions.co2_t) as co2_t,
        max(greatest(2, emissions.origin_rank, emissions.factor_origin_rank)) as origin_rank
    from emissions
    left join refused
        on
            emissions.region_code = refused.region_code
            and emissions.year = refused.year
            and emissions.method = refused.method
    where refused.region_code is null
    group by emissions.region_code, emissions.year
    having count(emissions.co2_t) > 0

),

enterprise_accounts as (

    select
        enterprises.park_id,
        enterprises.enterprise_id,
        enterprises.year,
        sum(enterprises.co2_t) as co2_t,
        max(enterprises.origin_rank) as origin_rank
    from enterprises
    left join within_parks
        on enterprises.park_id = within_parks.park_id and enterprises.year = within_parks.year
    where within_parks.park_id is null
    group by enterprises.park_id, enterprises.enterprise_id, enterprises.year

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
        region_accounts.origin_rank
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
