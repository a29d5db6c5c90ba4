-- What only an account of the ledger has; the same way as facts.sql.

-- name: account
select
    electricity_view as view, is_own_view, net_co2_t, net_co2e_t, equivalent_energy_tce,
    calorific_energy_tce, supply_tce_per_unit, core_co2_t_per_tce, ratio_refusal, refusal,
    electricity_basis, heat_basis, process_basis, assumed_line_count, uncounted_line_count
from all_levels.park_carbon_account
where park_id = $park_id and year = $year and method = $method
order by is_own_view desc, electricity_view

-- name: faults
select distinct
    cause, entry, enterprise_id, line_item as item_code, sign, quantity, unit, co2_t, balance_co2_t
from quality.account_faults
where park_id = $park_id and year = $year and method = $method
order by all

-- name: ratio
select
    energy_basis, boundary, tce_convention, basis_energy_tce, core_co2_t_per_tce, ratio_refusal,
    energy_class, bound_co2_t_per_tce, bound_status, clause_id
from all_levels.park_core_ratio
where park_id = $park_id and year = $year and method = $method
order by energy_basis, boundary, tce_convention

-- name: clauses
select
    clause_id, clause_zh, clause_en, document_code, title_zh, title_en, clause_status, address
from reference.standards
where
    clause_id in (select clause_id from lines where year = $year)
    or clause_id in (
        select clause_id from all_levels.park_core_ratio
        where park_id = $park_id and year = $year and method = $method
    )
order by clause_id

-- name: application
with carriers as (

    select
        year,
        split_part(entry, '_', -1) as item_code,
        any_value(unit order by activity_no) as unit,
        sum(quantity order by activity_no) filter (where entry like 'purchased%') as bought_quantity,
        sum(quantity order by activity_no) filter (where entry like 'self_used%')
            as self_supplied_quantity,
        sum(quantity order by activity_no) filter (where entry like 'sold%') as sold_quantity,
        -- What a park makes of heat is not returned: what it sends out beyond what it received is none.
        nullif(
            greatest(sum(sign * quantity order by activity_no), 0), 0
        ) as fuel_quantity
    from activities
    where split_part(entry, '_', -1) in ('electricity', 'heat')
    group by all

),

fuels_used as (

    select
        energy.year,
        energy.fuel_code as item_code,
        energy.unit,
        sum(energy.bought_quantity order by energy.narrowest_boundary, energy.industry_code)
            as bought_quantity,
        list_sum([
            sum(energy.made_quantity order by energy.narrowest_boundary, energy.industry_code),
            sum(energy.recovered_energy order by energy.narrowest_boundary, energy.industry_code)
        ]) as self_supplied_quantity,
        sum(energy.sold_quantity order by energy.narrowest_boundary, energy.industry_code)
            as sold_quantity,
        sum(energy.feedstock_used order by energy.narrowest_boundary, energy.industry_code)
            as feedstock_quantity
    from all_levels.park_energy as energy
    inner join reference.fuels on energy.fuel_code = fuels.fuel_code
    where
        energy.park_id = $park_id
        and energy.year between $year - 2 and $year
        and fuels.fuel_group not in ('electricity', 'heat')
    group by energy.year, energy.fuel_code, energy.unit

),

-- Inputs of power and heat are burnt, so fuel, and not transformed.
burnt as (

    select
        year,
        item_code,
        sum(quantity order by activity_no) filter (where entry = 'combustion') as fuel_quantity,
        sum(quantity order by activity_no) filter (where entry = 'transformation')
            as transformed_quantity
    from activities
    where entry in ('combustion', 'transformation') and sign = 1
    group by year, item_code

)

select * from carriers
union all by name
select fuels_used.*, burnt.fuel_quantity, burnt.transformed_quantity
from fuels_used
left join burnt on fuels_used.year = burnt.year and fuels_used.item_code = burnt.item_code
order by year, item_code

-- name: application_co2
select
    year, view,
    case
        when split_part(entry, '_', -1) in ('electricity', 'heat') then split_part(entry, '_', -1)
        else item_code
    end as item_code,
    sum(co2e_t order by line_no) filter (where gas = 'co2') as co2_t
from lines
where is_in_net
group by all
order by year, view, 3
