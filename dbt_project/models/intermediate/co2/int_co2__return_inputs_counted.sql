{{ config(materialized='view') }}

-- What each method counts of the returns, by its rules, in the unit of the fuel, each quantity of
-- the form by itself: what adds to the activity, and with a negative weight what is taken off. A
-- view: at a million flows, to write its wide rows took three times as long as to count them anew.
with flows as (

    select * from {{ ref('int_park__flows_standardised') }}

),

carriers as (

    select * from {{ ref('int_park__carriers_balanced') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

method_fuels as (

    select * from {{ ref('method_fuels') }}

),

park_counting_rules as (

    select * from {{ ref('park_counting_rules') }}

),

burnt_inputs as (

    {{ burnt_inputs('flows', ['park_id', 'enterprise_id', 'year', 'fuel_code']) }}

),

countable as (

    select
        *,
        false as has_detail,
        flow as rule_flow
    from flows
    where flow in ('consumption', 'feedstock', 'transformation_input', 'purchase')
    union all
    select * from burnt_inputs

),

matched as (

    select
        park_counting_rules.method,
        park_counting_rules.scope,
        countable.park_id,
        countable.enterprise_id,
        countable.list_park_id,
        countable.list_enterprise_id,
        countable.member_share,
        countable.year,
        countable.fuel_code,
        countable.industry_code,
        countable.is_aggregate,
        countable.narrowest_boundary,
        countable.unit,
        countable.flow,
        countable.origin_rank,
        countable.source_id,
        fuels.fuel_group = 'coal' as is_coal,
        park_counting_rules.weight as rule_weight,
        case when park_counting_rules.is_from_outside then carriers.outside_share end
            as outside_share,
        park_counting_rules.weight
        * case when park_counting_rules.is_from_outside then carriers.outside_share else 1 end
            as weight,
        countable.quantity as input_quantity,
        countable.energy_gj as input_energy_gj
    from countable
    inner join fuels on countable.fuel_code = fuels.fuel_code
    inner join park_counting_rules
        on
            countable.rule_flow = park_counting_rules.flow
            and (
                countable.fuel_code = park_counting_rules.fuel_code
                or (
                    park_counting_rules.fuel_code is null
                    and fuels.fuel_group not in ('electricity', 'heat')
                )
            )
    left join method_fuels
        on
            park_counting_rules.method = method_fuels.method
            and countable.fuel_code = method_fuels.fuel_code
    left join carriers
        on
            countable.park_id = carriers.park_id
            and countable.year = carriers.year
            and countable.fuel_code = carriers.fuel_code
    where park_counting_rules.fuel_code is not null or method_fuels.is_counted

),

final as (

    select
        method,
        scope,
        park_id,
        enterprise_id,
        list_park_id,
        list_enterprise_id,
        member_share,
        year,
        fuel_code,
        industry_code,
        is_aggregate,
        narrowest_boundary,
        is_coal,
        unit,
        case when rule_weight < 0 then 'deduction' else 'activity' end as input_role,
        flow as input_flow,
        outside_share,
        rule_weight,
        -- Of what the enterprise returned; the quantity has its share already.
        weight * member_share as weight,
        rule_weight * input_quantity as gross_quantity,
        weight * input_quantity as quantity,
        weight * input_energy_gj as energy_gj,
        origin_rank,
        source_id
    from matched

)

select * from final
