-- What each method takes of the returns for its entries, with the factor: the one of the kind of
-- coal returned, else of the kind the method assumes. What a plant measured of its fuel overrides
-- it part by part where the method takes it; CH4 and N2O stay those of the default.
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

measured as (

    select
        measured.*,
        methods.method
    from {{ ref('int_park__factors_measured') }} as measured
    cross join methods
    where methods.takes_measured_factors

),

matched as (

    select
        summed.*,
        own.fuel_code is not null or assumed.fuel_code is not null as has_default,
        own.fuel_code is not null as has_own_kind,
        coalesce(own.coal_kind, assumed.coal_kind) as counted_coal_kind,
        coalesce(own.ncv_gj_per_unit, assumed.ncv_gj_per_unit)
        / coalesce(own.to_unit_factor, assumed.to_unit_factor) as default_heat_gj_per_unit,
        coalesce(own.carbon_content_tc_per_gj, assumed.carbon_content_tc_per_gj)
            as default_carbon_tc_per_gj,
        coalesce(entries.oxidation_rate, own.oxidation_rate, assumed.oxidation_rate)
            as default_oxidation_rate,
        coalesce(own.clause_id, assumed.clause_id) as factor_clause_id,
        coalesce(own.source_id, assumed.source_id) as default_source_id,
        {{ origin_rank('coalesce(own.origin, assumed.origin)') }} as default_origin_rank,
        measured.factor_id as measured_factor_id,
        measured.ncv_gj_per_unit as measured_heat_gj_per_unit,
        measured.carbon_content_tc_per_gj as measured_carbon_tc_per_gj,
        case when entries.oxidation_rate is null then measured.oxidation_rate end
            as measured_oxidation_rate,
        coalesce(entries.oxidation_rate, measured.oxidation_rate) is not null
        and measured.ncv_gj_per_unit is not null
        and measured.carbon_content_tc_per_gj is not null as is_all_measured,
        measured.source_id as measured_source_id,
        {{ origin_rank('measured.origin') }} as measured_origin_rank
    from summed
    inner join methods on summed.method = methods.method
    inner join entries on summed.method = entries.method and summed.entry = entries.entry
    left join measured
        on
            summed.method = measured.method
            and summed.park_id = measured.park_id
            and summed.enterprise_id = measured.enterprise_id
            and summed.year = measured.year
            and summed.fuel_code = measured.fuel_code
            and summed.unit = measured.unit
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

),

-- A part that the entry fixes or that was not measured is no measurement of it.
factored as (

    select
        *,
        coalesce(measured_heat_gj_per_unit, measured_carbon_tc_per_gj, measured_oxidation_rate)
        is not null as is_measured,
        coalesce(measured_heat_gj_per_unit, default_heat_gj_per_unit)
        * coalesce(measured_carbon_tc_per_gj, default_carbon_tc_per_gj)
        * coalesce(measured_oxidation_rate, default_oxidation_rate)
        * {{ constant('co2_per_carbon') }} as gas_t_per_quantity
    from matched

),

final as (

    select
        method,
        park_id,
        year,
        entry,
        sign,
        enterprise_id,
        industry_code,
        fuel_code,
        coal_kind as returned_coal_kind,
        counted_coal_kind as coal_kind,
        unit,
        quantity,
        coalesce(default_heat_gj_per_unit, measured_heat_gj_per_unit) as heat_gj_per_unit,
        gas_t_per_quantity,
        case
            when is_measured and gas_t_per_quantity is not null then measured_factor_id
            else
                method || '.' || entry || '.' || fuel_code
                || coalesce('.' || counted_coal_kind, '')
        end as factor_id,
        case
            when is_measured and gas_t_per_quantity is not null then 'measured_factor'
            when not has_default then 'no_factor'
            when not has_own_kind then 'assumed_coal_kind'
            when gas_t_per_quantity is null then 'not_counted'
            else 'returned'
        end as value_status,
        factor_clause_id,
        case
            when is_measured and gas_t_per_quantity is not null then measured_source_id
            else default_source_id
        end as factor_source_id,
        greatest(
            origin_rank,
            case
                when is_all_measured then measured_origin_rank
                when is_measured then greatest(measured_origin_rank, default_origin_rank)
                else default_origin_rank
            end
        ) as origin_rank,
        source_id
    from factored

)

select * from final
-- What is summed from it adds in this order in every run.
order by
    method, park_id, year, entry, sign, enterprise_id, fuel_code, returned_coal_kind
