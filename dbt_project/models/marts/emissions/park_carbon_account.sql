-- The net of the ledger. An account that rests on a fault, or lacks a factor, has no net and says
-- why; the faulty lines stand in quality.account_faults.
with ledger as (

    select * from {{ ref('park_carbon_ledger') }}

),

account_faults as (

    select * from {{ ref('account_faults') }}

),

methods as (

    select * from {{ ref('park_methods') }}

),

flows as (

    select * from {{ ref('int_park__account_flows') }}

),

exchanges as (

    select * from {{ ref('int_park__exchanges_counted') }}

),

park_energy_flows as (

    select * from {{ ref('park_energy_flows') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}

),

coal_rates as (

    select * from {{ ref('supply_coal_rates') }}

),

process_returned as (

    select distinct
        members.park_id,
        returned.year
    from {{ ref('stg_park_returns__process') }} as returned
    inner join {{ ref('int_park__members_placed') }} as members
        on
            returned.park_id = members.list_park_id
            and returned.enterprise_id = members.list_enterprise_id
            and returned.year = members.year
    where {{ is_known_vintage('returned.vintage') }}

),

fuel_energy as (

    select
        tce_coefficients.tce_set,
        flows.park_id,
        flows.year,
        sum(flows.quantity * park_energy_flows.weight * tce_coefficients.tce_per_unit)
            as fuel_tce
    from flows
    inner join park_energy_flows on flows.flow = park_energy_flows.flow
    inner join fuels on flows.fuel_code = fuels.fuel_code
    inner join tce_coefficients on flows.fuel_code = tce_coefficients.fuel_code
    where fuels.fuel_group not in ('electricity', 'heat')
    group by tce_coefficients.tce_set, flows.park_id, flows.year

),

carriers_exchanged as (

    select
        park_id,
        year,
        sum(
            case when carrier = 'electricity' then quantity end
            * case direction when 'sold' then -1 else 1 end
        ) as electricity_mwh,
        sum(
            case when carrier = 'heat' and direction <> 'self_generated' then quantity end
            * case direction when 'sold' then -1 else 1 end
        ) as heat_gj,
        min(case when carrier = 'electricity' then basis_form end) as electricity_basis,
        min(case when carrier = 'heat' then basis_form end) as heat_basis
    from exchanges
    group by park_id, year

),

-- Standard coal of one unit of electricity and heat, by set.
carrier_coefficients as (

    select
        tce_coefficients.tce_set,
        max(case when fuels.fuel_group = 'electricity' then tce_coefficients.tce_per_unit end)
            as electricity_tce_per_unit,
        max(case when fuels.fuel_group = 'heat' then tce_coefficients.tce_per_unit end)
            as heat_tce_per_unit
    from tce_coefficients
    inner join fuels on tce_coefficients.fuel_code = fuels.fuel_code
    where not fuels.is_aggregate
    group by tce_coefficients.tce_set

),

nets as (

    select
        park_id,
        year,
        method,
        electricity_view,
        sum(case when is_counted then co2_t end) as net_co2_t,
        sum(case when is_counted then co2e_t end) as net_co2e_t,
        sum(
            case
                when
                    value_status in (
                        'assumed_coal_kind', 'assumed_supply_kind', 'claimed_without_certificates'
                    )
                    then 1
                else 0
            end
        ) as assumed_line_count,
        sum(case when value_status = 'not_counted' then 1 else 0 end) as uncounted_line_count
    from ledger
    group by park_id, year, method, electricity_view

),

faults as (

    select
        park_id,
        year,
        method,
        electricity_view,
        min(cause) as refusal
    from account_faults
    group by park_id, year, method, electricity_view

),

parks_counted as (

    select
        park_id,
        year,
        max({{ origin_rank('origin') }}) as origin_rank
    from ledger
    group by park_id, year

),

views as (

    select distinct
        method,
        electricity_view
    from {{ ref('park_view_factors') }}

),

joined as (

    select
        parks_counted.park_id,
        parks_counted.year,
        parks_counted.origin_rank,
        views.method,
        views.electricity_view,
        nets.net_co2_t,
        nets.net_co2e_t,
        nets.assumed_line_count,
        nets.uncounted_line_count,
        methods.own_view,
        case when nets.park_id is null then 'no_view_factor' else faults.refusal end as refusal,
        process_returned.park_id is not null as has_process,
        carriers_exchanged.electricity_basis,
        carriers_exchanged.heat_basis,
        coal_rates.supply_tce_per_unit,
        coalesce(fuel_energy.fuel_tce, 0)
        + coalesce(carriers_exchanged.heat_gj, 0) * carrier_coefficients.heat_tce_per_unit
            as fuel_and_heat_tce,
        coalesce(carriers_exchanged.electricity_mwh, 0) as electricity_mwh,
        carrier_coefficients.electricity_tce_per_unit
    from parks_counted
    cross join views
    inner join methods on views.method = methods.method
    left join nets
        on
            parks_counted.park_id = nets.park_id
            and parks_counted.year = nets.year
            and views.method = nets.method
            and views.electricity_view = nets.electricity_view
    inner join carrier_coefficients on methods.tce_set = carrier_coefficients.tce_set
    left join fuel_energy
        on
            parks_counted.park_id = fuel_energy.park_id
            and parks_counted.year = fuel_energy.year
            and methods.tce_set = fuel_energy.tce_set
    left join carriers_exchanged
        on
            parks_counted.park_id = carriers_exchanged.park_id
            and parks_counted.year = carriers_exchanged.year
    left join coal_rates
        on
            parks_counted.year >= coal_rates.year_from
            and parks_counted.year <= coalesce(coal_rates.year_to, 9999)
    left join process_returned
        on
            parks_counted.park_id = process_returned.park_id
            and parks_counted.year = process_returned.year
    left join faults
        on
            parks_counted.park_id = faults.park_id
            and parks_counted.year = faults.year
            and views.method = faults.method
            and views.electricity_view = faults.electricity_view

),

valued as (

    select
        *,
        fuel_and_heat_tce + electricity_mwh * supply_tce_per_unit as equivalent_energy_tce,
        fuel_and_heat_tce + electricity_mwh * electricity_tce_per_unit as calorific_energy_tce
    from joined

),

final as (

    select
        park_id,
        year,
        method,
        electricity_view,
        electricity_view = own_view as is_own_view,
        case when refusal is null then net_co2_t end as net_co2_t,
        case when refusal is null then net_co2e_t end as net_co2e_t,
        equivalent_energy_tce,
        calorific_energy_tce,
        supply_tce_per_unit,
        case
            when refusal is null and electricity_view = own_view
                then net_co2_t / nullif(equivalent_energy_tce, 0)
        end as core_co2_t_per_tce,
        case
            when refusal is not null then 'no_net_account'
            when electricity_view <> own_view then 'another_view'
            when supply_tce_per_unit is null then 'no_supply_coal_rate'
            when equivalent_energy_tce = 0 then 'no_energy'
        end as ratio_refusal,
        refusal,
        coalesce(electricity_basis, 'not_returned') as electricity_basis,
        coalesce(heat_basis, 'not_returned') as heat_basis,
        case when has_process then 'returned' else 'not_returned' end as process_basis,
        cast(assumed_line_count as bigint) as assumed_line_count,
        cast(uncounted_line_count as bigint) as uncounted_line_count,
        {{ origin_of_rank('origin_rank') }} as origin
    from valued

)

select * from final
order by park_id, year, method, electricity_view
