-- What each method takes of the returns for its entries, with the factor: the one of the kind of
-- coal returned, else of the kind the method assumes.
with flows as (

    select * from {{ ref('int_park__account_flows') }}

),

fuels as (

    select * from {{ ref('fuels') }}
    where fuel_group not in ('electricity', 'heat')

),

methods as (

    select * from {{ ref('park_methods') }}

),

entries as (

    select * from {{ ref('park_method_entries') }}

),

method_flows as (

    select * from {{ ref('park_method_flows') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

factors as (

    select
        park_fuel_factors.*,
        unit_labels.to_unit_factor
    from {{ ref('park_fuel_factors') }} as park_fuel_factors
    inner join unit_labels on park_fuel_factors.unit = unit_labels.unit_label

),

summed as (

    select
        method_flows.method,
        flows.park_id,
        flows.year,
        method_flows.entry,
        method_flows.sign,
        flows.enterprise_id,
        flows.industry_code,
        flows.fuel_code,
        flows.coal_kind,
        flows.unit,
        sum(method_flows.weight * flows.quantity) as quantity,
        max(flows.origin_rank) as origin_rank,
        min(flows.source_id) as source_id
    from flows
    inner join fuels on flows.fuel_code = fuels.fuel_code
    inner join method_flows on flows.flow = method_flows.flow
    group by
        method_flows.method, flows.park_id, flows.year, method_flows.entry, method_flows.sign,
        flows.enterprise_id, flows.industry_code, flows.fuel_code, flows.coal_kind, flows.unit

),

final as (

    select
        summed.method,
        summed.park_id,
        summed.year,
        summed.entry,
        summed.sign,
        summed.enterprise_id,
        summed.industry_code,
        summed.fuel_code,
        summed.coal_kind as returned_coal_kind,
        coalesce(own.coal_kind, assumed.coal_kind) as coal_kind,
        summed.unit,
        summed.quantity,
        coalesce(own.ncv_gj_per_unit, assumed.ncv_gj_per_unit)
        / coalesce(own.to_unit_factor, assumed.to_unit_factor) as heat_gj_per_unit,
        coalesce(own.ncv_gj_per_unit, assumed.ncv_gj_per_unit)
        / coalesce(own.to_unit_factor, assumed.to_unit_factor)
        * coalesce(own.carbon_content_tc_per_gj, assumed.carbon_content_tc_per_gj)
        * coalesce(entries.oxidation_rate, own.oxidation_rate, assumed.oxidation_rate)
        * {{ constant('co2_per_carbon') }} as gas_t_per_quantity,
        case
            when own.fuel_code is null and assumed.fuel_code is null then 'no_factor'
            when own.fuel_code is null then 'assumed_coal_kind'
            when own.ncv_gj_per_unit is null then 'not_counted'
            else 'returned'
        end as value_status,
        coalesce(own.clause_id, assumed.clause_id) as factor_clause_id,
        coalesce(own.source_id, assumed.source_id) as factor_source_id,
        greatest(
            summed.origin_rank,
            {{ origin_rank('coalesce(own.origin, assumed.origin)') }}
        ) as origin_rank,
        summed.source_id
    from summed
    inner join methods on summed.method = methods.method
    inner join entries on summed.method = entries.method and summed.entry = entries.entry
    left join factors as own
        on
            summed.method = own.method
            and summed.fuel_code = own.fuel_code
            and coalesce(summed.coal_kind, '') = coalesce(own.coal_kind, '')
            and summed.year >= own.year_from
            and summed.year <= own.year_to
    left join factors as assumed
        on
            summed.method = assumed.method
            and summed.fuel_code = assumed.fuel_code
            and methods.assumed_coal_kind = assumed.coal_kind
            and summed.year >= assumed.year_from
            and summed.year <= assumed.year_to

)

select * from final
-- What is summed from it adds in this order in every run.
order by
    method, park_id, year, entry, sign, enterprise_id, fuel_code, returned_coal_kind
