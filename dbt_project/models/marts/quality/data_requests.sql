-- What each park is asked for, by method, in the order of what the answer would narrow. The
-- interval is that of the park's CO2 were all gaps of a field at one end, then at the other:
-- used: an enterprise that does not say what it uses lies within what it emitted in other years,
--     less what is counted of it already;
-- bought: of what is used of a carrier, anything from none to all may be bought;
-- sold: of what is bought in the park, anything from none to all may come from its own plants;
-- takes_off: raw material may take off anything up to all that the fuel emits.
-- By methods of the ledger a field is held that has no gap in quality.core_ratio_gaps, and the
-- order is that of the interval of the core ratio.
with gaps as (

    select * from {{ ref('int_park__gaps_listed') }}

),

ratio_gaps as (

    select * from {{ ref('core_ratio_gaps') }}

),

park_methods as (

    select * from {{ ref('park_methods') }}

),

all_required as (

    select * from {{ ref('required_fields') }}
    where is_needed

),

required as (

    select * from all_required
    where required_by is null

),

methods as (

    select distinct method
    from {{ ref('park_counting_rules') }}

),

parks as (

    select * from {{ ref('parks') }}

),

emissions as (

    select * from {{ ref('int_co2__emissions_calculated') }}
    where account = 'park'

),

inputs as (

    select * from {{ ref('int_co2__return_inputs_counted') }}

),

flows as (

    select * from {{ ref('int_park__flows_standardised') }}
    where flow = 'consumption'

),

settings as (

    select {{ threshold('estimated_error') }} as estimated_error

),

fields as (

    select
        methods.method,
        required.dataset,
        required.column_name,
        required.carrier_kind,
        required.industry_code,
        required.gap_effect,
        required.owning_department_zh,
        required.owning_department_en
    from required
    cross join methods
    where required.method is null or required.method = methods.method

),

factors as (

    select
        park_id,
        enterprise_id,
        year,
        method,
        fuel_code,
        max(co2_t_per_quantity) as co2_t_per_quantity,
        sum(case when scope = '1' then co2_t end) as scope1_co2_t
    from emissions
    group by park_id, enterprise_id, year, method, fuel_code

),

flow_co2 as (

    select
        inputs.park_id,
        inputs.enterprise_id,
        inputs.year,
        inputs.method,
        inputs.fuel_code,
        inputs.input_flow || '_quantity' as column_name,
        sum(inputs.quantity * factors.co2_t_per_quantity) as co2_t
    from inputs
    inner join factors
        on
            inputs.park_id = factors.park_id
            and inputs.enterprise_id = factors.enterprise_id
            and inputs.year = factors.year
            and inputs.method = factors.method
            and inputs.fuel_code = factors.fuel_code
    group by
        inputs.park_id, inputs.enterprise_id, inputs.year, inputs.method, inputs.fuel_code,
        inputs.input_flow

),

-- What a carrier bought in the park costs, and what it would cost if all came from outside.
carriers as (

    select
        inputs.park_id,
        inputs.year,
        inputs.method,
        inputs.fuel_code,
        max(factors.co2_t_per_quantity) as co2_t_per_quantity,
        sum(inputs.quantity * factors.co2_t_per_quantity) as counted_co2_t,
        sum(inputs.gross_quantity * factors.co2_t_per_quantity) as gross_co2_t
    from inputs
    inner join factors
        on
            inputs.park_id = factors.park_id
            and inputs.enterprise_id = factors.enterprise_id
            and inputs.year = factors.year
            and inputs.method = factors.method
            and inputs.fuel_code = factors.fuel_code
    where inputs.outside_share is not null
    group by inputs.park_id, inputs.year, inputs.method, inputs.fuel_code

),

enterprise_years as (

    select
        park_id,
        enterprise_id,
        year,
        method,
        sum(co2_t) as co2_t
    from emissions
    group by park_id, enterprise_id, year, method

),

other_years as (

    select
        park_id,
        enterprise_id,
        method,
        min(co2_t) as lowest_co2_t,
        max(co2_t) as highest_co2_t
    from enterprise_years
    group by park_id, enterprise_id, method

),

park_totals as (

    select
        park_id,
        year,
        method,
        sum(co2_t) as co2_t,
        max(greatest(origin_rank, factor_origin_rank)) as origin_rank
    from emissions
    group by park_id, year, method

),

asked as (

    select
        gaps.*,
        fields.method,
        fields.gap_effect,
        fields.owning_department_zh,
        fields.owning_department_en,
        row_number() over (
            partition by
                gaps.park_id, fields.method, gaps.dataset, gaps.column_name, gaps.fuel_code,
                gaps.status
            order by gaps.enterprise_id
        ) as place_in_park,
        row_number() over (
            partition by
                gaps.park_id, fields.method, gaps.dataset, gaps.column_name, gaps.enterprise_id,
                gaps.status
            order by gaps.fuel_code
        ) as place_in_enterprise
    from gaps
    inner join fields
        on
            gaps.dataset = fields.dataset
            and gaps.column_name = fields.column_name
            and (fields.carrier_kind is null or gaps.carrier_kind = fields.carrier_kind)
            and (fields.industry_code is null or gaps.industry_code = fields.industry_code)

),

moved as (

    select
        asked.park_id,
        asked.year,
        asked.method,
        asked.dataset,
        asked.column_name,
        asked.status,
        asked.owning_department_zh,
        asked.owning_department_en,
        case
            when asked.status = 'estimated'
                then -settings.estimated_error * coalesce(abs(flow_co2.co2_t), 0e0)
            when asked.status = 'have' or asked.gap_effect in ('none', 'bought') then 0e0
            when asked.gap_effect = 'used' and asked.place_in_enterprise > 1 then 0e0
            when asked.gap_effect = 'used'
                then other_years.lowest_co2_t - coalesce(own_years.co2_t, 0e0)
            when asked.gap_effect = 'takes_off'
                then -greatest(coalesce(factors.scope1_co2_t, 0e0), 0e0)
            when asked.gap_effect = 'sold' and asked.place_in_park = 1
                then -coalesce(carriers.counted_co2_t, 0e0)
            else 0e0
        end as low_t,
        case
            when asked.status = 'estimated'
                then settings.estimated_error * coalesce(abs(flow_co2.co2_t), 0e0)
            when asked.status = 'have' or asked.gap_effect in ('none', 'takes_off') then 0e0
            when asked.gap_effect = 'used' and asked.place_in_enterprise > 1 then 0e0
            when asked.gap_effect = 'used'
                then other_years.highest_co2_t - coalesce(own_years.co2_t, 0e0)
            when asked.gap_effect = 'bought'
                then coalesce(flows.quantity * carriers.co2_t_per_quantity, 0e0)
            when asked.gap_effect = 'sold' and asked.place_in_park = 1
                then coalesce(carriers.gross_co2_t - carriers.counted_co2_t, 0e0)
            else 0e0
        end as high_t
    from asked
    cross join settings
    left join flow_co2
        on
            asked.park_id = flow_co2.park_id
            and asked.enterprise_id = flow_co2.enterprise_id
            and asked.year = flow_co2.year
            and asked.method = flow_co2.method
            and asked.fuel_code = flow_co2.fuel_code
            and asked.column_name = flow_co2.column_name
    left join factors
        on
            asked.park_id = factors.park_id
            and asked.enterprise_id = factors.enterprise_id
            and asked.year = factors.year
            and asked.method = factors.method
            and asked.fuel_code = factors.fuel_code
    left join carriers
        on
            asked.park_id = carriers.park_id
            and asked.year = carriers.year
            and asked.method = carriers.method
            and asked.fuel_code = carriers.fuel_code
    left join other_years
        on
            asked.park_id = other_years.park_id
            and asked.enterprise_id = other_years.enterprise_id
            and asked.method = other_years.method
    left join enterprise_years as own_years
        on
            asked.park_id = own_years.park_id
            and asked.enterprise_id = own_years.enterprise_id
            and asked.year = own_years.year
            and asked.method = own_years.method
    left join flows
        on
            asked.park_id = flows.park_id
            and asked.enterprise_id = flows.enterprise_id
            and asked.year = flows.year
            and asked.fuel_code = flows.fuel_code

),

summed as (

    select
        park_id,
        year,
        method,
        dataset,
        column_name,
        owning_department_zh,
        owning_department_en,
        count(*) as needed_count,
        count(case when status = 'missing' then 1 end) as missing_count,
        count(case when status = 'estimated' then 1 end) as estimated_count,
        count(case when low_t is null then 1 end) as unbounded_count,
        sum(low_t) as low_t,
        sum(high_t) as high_t
    from moved
    group by
        park_id, year, method, dataset, column_name, owning_department_zh, owning_department_en

),

held as (

    select
        summed.*,
        park_totals.co2_t,
        park_totals.co2_t + summed.low_t as co2_least_t,
        park_totals.co2_t + summed.high_t as co2_most_t,
        summed.high_t - summed.low_t as co2_width_t,
        coalesce(park_totals.origin_rank, 2) as origin_rank
    from summed
    left join park_totals
        on
            summed.park_id = park_totals.park_id
            and summed.year = park_totals.year
            and summed.method = park_totals.method

),

ratio_summed as (

    select
        ratio_gaps.park_id,
        ratio_gaps.year,
        ratio_gaps.method,
        ratio_gaps.dataset,
        ratio_gaps.column_name,
        all_required.owning_department_zh,
        all_required.owning_department_en,
        count(case when ratio_gaps.status = 'missing' then 1 end) as missing_count,
        count(case when ratio_gaps.status = 'estimated' then 1 end) as estimated_count,
        count(
            case when ratio_gaps.high_co2_t is null or ratio_gaps.low_co2_t is null then 1 end
        ) as unbounded_count,
        sum(ratio_gaps.low_co2_t) as low_co2_t,
        sum(ratio_gaps.high_co2_t) as high_co2_t,
        sum(ratio_gaps.low_energy_tce) as low_energy_tce,
        sum(ratio_gaps.high_energy_tce) as high_energy_tce,
        max(ratio_gaps.net_co2_t) as net_co2_t,
        max(ratio_gaps.equivalent_energy_tce) as equivalent_energy_tce,
        max(ratio_gaps.core_co2_t_per_tce) as core_co2_t_per_tce,
        max(case when ratio_gaps.refusal <> 'unbounded' then ratio_gaps.refusal end) as refusal,
        max({{ origin_rank('ratio_gaps.origin') }}) as origin_rank
    from ratio_gaps
    inner join all_required
        on
            ratio_gaps.dataset = all_required.dataset
            and ratio_gaps.column_name = all_required.column_name
            and (
                all_required.carrier_kind is null
                or ratio_gaps.carrier_kind = all_required.carrier_kind
            )
            and (
                all_required.industry_code is null
                or ratio_gaps.industry_code = all_required.industry_code
            )
    group by
        ratio_gaps.park_id, ratio_gaps.year, ratio_gaps.method, ratio_gaps.dataset,
        ratio_gaps.column_name, all_required.owning_department_zh,
        all_required.owning_department_en

),

-- The energy use is above nothing at both ends, or there is no ratio of that end.
ratio_ends as (

    select
        *,
        case
            when core_co2_t_per_tce is not null and equivalent_energy_tce + low_energy_tce > 0
                then (net_co2_t + low_co2_t) / (equivalent_energy_tce + low_energy_tce)
        end as low_ratio,
        case
            when core_co2_t_per_tce is not null and equivalent_energy_tce + high_energy_tce > 0
                then (net_co2_t + high_co2_t) / (equivalent_energy_tce + high_energy_tce)
        end as high_ratio
    from ratio_summed

),

ledger_asked as (

    select * from {{ ref('int_park__ledger_fields_asked') }}

),

accounts as (

    select * from {{ ref('park_carbon_account') }}
    where is_own_view

),

last_accounts as (

    select
        park_id,
        max(year) as year
    from accounts
    group by park_id

),

ratio_held as (

    select
        ledger_asked.*,
        accounts.net_co2_t,
        accounts.core_co2_t_per_tce,
        accounts.ratio_refusal,
        {{ origin_rank('accounts.origin') }} as origin_rank
    from ledger_asked
    inner join accounts
        on {{ same_columns('ledger_asked', 'accounts', ['park_id', 'year', 'method']) }}
    inner join last_accounts
        on {{ same_columns('ledger_asked', 'last_accounts', ['park_id', 'year']) }}
    left join ratio_summed
        on
            {{ same_columns(
                'ledger_asked', 'ratio_summed',
                ['park_id', 'method', 'dataset', 'column_name', 'owning_department_en']
            ) }}
    where ratio_summed.park_id is null

),

returning_parks as (

    select distinct park_id
    from gaps

),

accounted_parks as (

    select distinct park_id
    from {{ ref('park_carbon_account') }}

),

-- A park of the registry that never returned is asked for everything.
not_held as (

    select distinct
        parks.park_id,
        fields.method,
        fields.dataset,
        fields.column_name,
        fields.owning_department_zh,
        fields.owning_department_en,
        {{ origin_rank('parks.origin') }} as origin_rank
    from parks
    cross join fields
    left join returning_parks on parks.park_id = returning_parks.park_id
    where returning_parks.park_id is null
    union
    select
        parks.park_id,
        park_methods.method,
        all_required.dataset,
        all_required.column_name,
        all_required.owning_department_zh,
        all_required.owning_department_en,
        {{ origin_rank('parks.origin') }} as origin_rank
    from parks
    cross join park_methods
    inner join all_required
        on all_required.method is null or park_methods.method = all_required.method
    left join accounted_parks on parks.park_id = accounted_parks.park_id
    where accounted_parks.park_id is null

),

united as (

    select
        park_id,
        year,
        method,
        dataset,
        column_name,
        case
            when missing_count > 0 then 'missing'
            when estimated_count > 0 then 'estimated'
            else 'have'
        end as status,
        owning_department_zh,
        owning_department_en,
        needed_count,
        missing_count,
        estimated_count,
        unbounded_count,
        co2_t,
        co2_least_t,
        co2_most_t,
        co2_width_t,
        cast(null as double) as core_co2_t_per_tce,
        cast(null as double) as core_least_co2_t_per_tce,
        cast(null as double) as core_most_co2_t_per_tce,
        cast(null as {{ type_name('varchar') }}) as refusal,
        origin_rank
    from held
    union all
    select
        park_id,
        year,
        method,
        dataset,
        column_name,
        case when missing_count > 0 then 'missing' else 'estimated' end as status,
        owning_department_zh,
        owning_department_en,
        missing_count + estimated_count as needed_count,
        missing_count,
        estimated_count,
        unbounded_count,
        net_co2_t as co2_t,
        net_co2_t + low_co2_t as co2_least_t,
        net_co2_t + high_co2_t as co2_most_t,
        high_co2_t - low_co2_t as co2_width_t,
        core_co2_t_per_tce,
        {{ end_of_core_ratio('least') | indent }} as core_least_co2_t_per_tce,
        case
            when low_ratio is not null and high_ratio is not null
                then {{ end_of_core_ratio('greatest') | indent }}
        end as core_most_co2_t_per_tce,
        refusal,
        origin_rank
    from ratio_ends
    union all
    select
        park_id,
        year,
        method,
        dataset,
        column_name,
        'have' as status,
        owning_department_zh,
        owning_department_en,
        needed_count,
        0 as missing_count,
        0 as estimated_count,
        0 as unbounded_count,
        net_co2_t as co2_t,
        net_co2_t as co2_least_t,
        net_co2_t as co2_most_t,
        net_co2_t * 0 as co2_width_t,
        core_co2_t_per_tce,
        core_co2_t_per_tce as core_least_co2_t_per_tce,
        core_co2_t_per_tce as core_most_co2_t_per_tce,
        ratio_refusal as refusal,
        origin_rank
    from ratio_held
    union all
    select
        park_id,
        cast(null as integer) as year,
        method,
        dataset,
        column_name,
        'missing' as status,
        owning_department_zh,
        owning_department_en,
        cast(null as bigint) as needed_count,
        cast(null as bigint) as missing_count,
        cast(null as bigint) as estimated_count,
        cast(null as bigint) as unbounded_count,
        cast(null as double) as co2_t,
        cast(null as double) as co2_least_t,
        cast(null as double) as co2_most_t,
        cast(null as double) as co2_width_t,
        cast(null as double) as core_co2_t_per_tce,
        cast(null as double) as core_least_co2_t_per_tce,
        cast(null as double) as core_most_co2_t_per_tce,
        'not_held' as refusal,
        origin_rank
    from not_held

),

final as (

    select
        park_id,
        year,
        method,
        dataset,
        column_name,
        status,
        owning_department_zh,
        owning_department_en,
        cast(
            row_number() over (
                partition by park_id, method
                order by
                    case when unbounded_count > 0 then 0 else 1 end,
                    {{ tie_value(
                        'core_most_co2_t_per_tce - core_least_co2_t_per_tce', 'core_co2_t_per_tce'
                    ) }} desc nulls last,
                    {{ tie_value('co2_width_t', 'co2_t') }} desc nulls last,
                    missing_count desc nulls last,
                    dataset,
                    column_name,
                    owning_department_en
            ) as integer
        ) as request_rank,
        cast(needed_count as integer) as needed_count,
        cast(missing_count as integer) as missing_count,
        cast(estimated_count as integer) as estimated_count,
        cast(unbounded_count as integer) as unbounded_count,
        co2_t,
        co2_least_t,
        co2_most_t,
        co2_width_t,
        core_co2_t_per_tce,
        core_least_co2_t_per_tce,
        core_most_co2_t_per_tce,
        core_most_co2_t_per_tce - core_least_co2_t_per_tce as core_width_co2_t_per_tce,
        refusal,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from united

)

select * from final
order by park_id, method, request_rank
