{{ config(materialized='view') }}

-- What each method counts, whoever is counted: a region by its balance, an enterprise by its
-- returns, which is where its park's activity comes from. One row per activity, the sum of its
-- inputs; of a region it has one, which stands beside it. A view: emissions are its one reader.
with balance_inputs as (

    select * from {{ ref('int_co2__balance_inputs_counted') }}
    where input_role <> 'allocation_key'

),

return_inputs as (

    select * from {{ ref('int_co2__return_inputs_counted') }}

),

parks as (

    select * from {{ ref('parks') }}

),

-- An activity of a region has one input that adds to it.
regions_counted as (

    select
        method,
        account,
        'region' as subject_type,
        region_code as subject_id,
        region_code,
        cast(null as {{ type_name('varchar') }}) as park_id,
        cast(null as {{ type_name('varchar') }}) as enterprise_id,
        year,
        balance_item,
        industry_code,
        fuel_code,
        scope,
        is_coal,
        false as is_aggregate,
        cast(null as {{ type_name('varchar') }}) as narrowest_boundary,
        unit,
        quantity,
        energy_gj,
        is_split_frozen,
        origin_rank,
        split_origin_rank,
        vintage,
        source_id,
        input_role,
        input_dataset,
        input_balance_item,
        input_industry_code,
        input_vintage,
        weight
    from balance_inputs

),

returns_summed as (

    select
        method,
        scope,
        park_id,
        enterprise_id,
        year,
        fuel_code,
        industry_code,
        is_aggregate,
        narrowest_boundary,
        is_coal,
        unit,
        sum(quantity) as quantity,
        sum(energy_gj) as energy_gj,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from return_inputs
    group by
        method, scope, park_id, enterprise_id, year, fuel_code, industry_code, is_aggregate,
        narrowest_boundary, is_coal, unit

),

enterprises_counted as (

    select
        returns_summed.method,
        'park' as account,
        'enterprise' as subject_type,
        returns_summed.park_id || '/' || returns_summed.enterprise_id as subject_id,
        parks.region_code,
        returns_summed.park_id,
        returns_summed.enterprise_id,
        returns_summed.year,
        cast(null as {{ type_name('varchar') }}) as balance_item,
        returns_summed.industry_code,
        returns_summed.fuel_code,
        returns_summed.scope,
        returns_summed.is_coal,
        returns_summed.is_aggregate,
        returns_summed.narrowest_boundary,
        returns_summed.unit,
        returns_summed.quantity,
        returns_summed.energy_gj,
        false as is_split_frozen,
        returns_summed.origin_rank,
        returns_summed.origin_rank as split_origin_rank,
        cast(null as bigint) as vintage,
        returns_summed.source_id,
        cast(null as {{ type_name('varchar') }}) as input_role,
        cast(null as {{ type_name('varchar') }}) as input_dataset,
        cast(null as {{ type_name('varchar') }}) as input_balance_item,
        cast(null as {{ type_name('varchar') }}) as input_industry_code,
        cast(null as bigint) as input_vintage,
        cast(null as double) as weight
    from returns_summed
    inner join parks on returns_summed.park_id = parks.park_id

),

final as (

    select * from regions_counted
    union all
    select * from enterprises_counted

)

select * from final
