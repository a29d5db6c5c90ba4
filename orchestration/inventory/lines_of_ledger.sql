-- What was done by the lines of the ledger, and the cells behind it.
create or replace temp table activities as
with known as (

    select
        enterprise_id,
        any_value(industry_code order by industry_code) as industry_code,
        any_value(narrowest_boundary order by narrowest_boundary) as narrowest_boundary
    from rows_of_park('all_levels.enterprise_co2_by_method')
    group by enterprise_id

),

-- One that returned power, heat or processes alone is what the registry says.
registered as (

    select
        enterprise_id,
        arg_max(industry_code, _vintage) as industry_code,
        case
            when arg_max(cast(is_above_size as boolean), _vintage) then 'above_size_industry'
            else 'all_sectors'
        end as narrowest_boundary
    from rows_of_park('raw.park_returns_enterprises')
    group by enterprise_id

),

units as (

    select
        registered.enterprise_id,
        coalesce(known.industry_code, registered.industry_code) as industry_code,
        coalesce(known.narrowest_boundary, registered.narrowest_boundary) as narrowest_boundary
    from registered
    left join known on registered.enterprise_id = known.enterprise_id

),

counted as (

    select
        year,
        activity_entry as entry,
        enterprise_id,
        item_code,
        line_detail,
        sign,
        unit,
        quantity,
        value_status,
        any_value(source_id order by source_id) as source_id
    from ledger
    where co2e_t is not null and quantity <> 0
    group by
        year, activity_entry, enterprise_id, item_code, line_detail, sign, unit, quantity,
        value_status

)

select
    row_number() over (
        partition by counted.year
        order by
            counted.entry, counted.item_code, counted.line_detail, counted.enterprise_id,
            counted.sign desc, counted.value_status, counted.quantity
    ) as activity_no,
    counted.*,
    coalesce(listed_elsewhere.list_park_id, $park_id) as list_park_id,
    coalesce(listed_elsewhere.list_enterprise_id, counted.enterprise_id) as list_enterprise_id,
    units.industry_code,
    units.narrowest_boundary,
    case
        when sources.origin = 'reconstructed' then 'reconstructed'
        when
            sources.origin = 'derived'
            or counted.value_status in (
                'assumed_coal_kind', 'assumed_supply_kind', 'claimed_without_certificates'
            )
            then 'estimated'
        else 'have'
    end as status
from counted
left join units on counted.enterprise_id = units.enterprise_id
left join listed_elsewhere on counted.enterprise_id = listed_elsewhere.enterprise_id
left join reference.sources on counted.source_id = sources.source_id;

create or replace temp table lines as
select
    row_number() over (
        partition by ledger.year
        order by activities.activity_no, ledger.entry, ledger.gas, ledger.view
    ) as line_no,
    ledger.year,
    activities.activity_no,
    ledger.entry,
    ledger.view,
    ledger.is_counted as is_in_net,
    case
        when ledger.entry in ('purchased_electricity', 'sold_electricity', 'self_used_electricity')
            or ledger.entry in ('purchased_heat', 'sold_heat')
            then '2'
        when ledger.is_counted and ledger.entry not in ('sink', 'storage') then '1'
    end as scope,
    ledger.gas,
    ledger.enterprise_id,
    activities.industry_code,
    ledger.item_code,
    ledger.line_detail,
    ledger.unit,
    ledger.sign,
    case
        when measured.factor_id is not null and ledger.gas = 'co2' then measured.factor_id
        else concat_ws(
            '.', $method, ledger.activity_entry, ledger.item_code, ledger.line_detail, ledger.view
        )
    end as factor_id,
    -- Received and sent out have one factor, and so have all who use a fuel: they share its error.
    concat_ws(
        ' ',
        ledger.item_code,
        ledger.line_detail,
        ledger.gas,
        ledger.view,
        ledger.unit,
        printf('%.10g', ledger.factor_value),
        case
            when ledger.entry <> 'ch4_n2o' and measured.factor_id is not null
                then measured.factor_id
            when ledger.entry <> 'ch4_n2o' and ledger.value_status = 'measured_factor'
                then ledger.enterprise_id
        end
    ) as factor_key,
    case
        when ledger.entry = 'ch4_n2o' then 'default'
        when measured.factor_id is not null or ledger.value_status = 'measured_factor'
            then 'measured'
        else 'default'
    end
        as factor_basis,
    ledger.factor_value,
    ledger.co2e_t,
    ledger.origin,
    ledger.clause_id,
    ledger.factor_source_id
from ledger
inner join activities
    on
        ledger.year = activities.year
        and ledger.activity_entry = activities.entry
        and ledger.enterprise_id is not distinct from activities.enterprise_id
        and ledger.item_code = activities.item_code
        and ledger.line_detail is not distinct from activities.line_detail
        and ledger.sign = activities.sign
        and ledger.unit = activities.unit
        and ledger.quantity = activities.quantity
        and ledger.value_status = activities.value_status
left join reference.measured_factors as measured on ledger.factor_id = measured.factor_id
where ledger.co2e_t is not null and ledger.quantity <> 0;

-- The cells that may stand behind an activity, from the newest return of each form.
create or replace temp table candidate_cells as
with energy_cells as (

    select * from rows_of_park('quality.return_lineage')

),

supplied as (

    select
        *,
        'raw.park_returns_energy_exchange' as raw_table,
        max(_vintage) over (partition by park_id, list_enterprise_id, year) as newest_vintage
    from rows_of_park('raw.park_returns_energy_exchange')

),

-- What two enterprises of the park name each other for passes no boundary.
inside as (

    select distinct
        year,
        carrier,
        seller,
        buyer
    from quality.inside_exchange
    where park_id = $park_id and status in ('equal', 'differ')

),

exchanged as (

    select
        cast(supplied.year as integer) as year,
        supplied.enterprise_id,
        case supplied.direction
            when 'sold' then 'sold_'
            when 'self_generated' then 'self_used_'
            else 'purchased_'
        end || supplied.carrier as entry,
        coalesce(
            supplied.supply_kind, case supplied.carrier when 'heat' then 'fossil_heat' else 'grid' end
        ) as item_code,
        supplied.raw_table,
        supplied._file_name as file_name,
        supplied._sheet_name as sheet_name,
        cast(supplied._row_number as bigint) as row_number,
        'quantity' as column_name,
        supplied.quantity as value_text,
        supplied.unit as unit_label,
        units.to_unit_factor,
        cast(supplied.quantity as double) * units.to_unit_factor as cell_quantity,
        supplied._source_id as source_id
    from supplied
    left join reference.units on supplied.unit = units.unit_label
    left join inside
        on
            cast(supplied.year as integer) = inside.year
            and supplied.carrier = inside.carrier
            and supplied.direction <> 'self_generated'
            and inside.seller = case supplied.direction
                when 'sold' then supplied.list_enterprise_id else supplied.counterpart
            end
            and inside.buyer = case supplied.direction
                when 'sold' then supplied.counterpart else supplied.list_enterprise_id
            end
    where supplied._vintage = supplied.newest_vintage and inside.seller is null

),

bought as (

    select
        cells.year,
        cells.enterprise_id,
        case cells.flow when 'sales' then 'sold_' else 'purchased_' end || fuels.fuel_group as entry,
        case fuels.fuel_group when 'heat' then 'fossil_heat' else 'grid' end as item_code,
        cells.raw_table,
        cells.file_name,
        cells.sheet_name,
        cells.row_number,
        cells.column_name,
        cells.value_text,
        cells.unit_label,
        cells.to_unit_factor,
        cells.quantity as cell_quantity,
        cells.source_id
    from energy_cells as cells
    inner join reference.fuels on cells.fuel_code = fuels.fuel_code
    where
        cells.flow in ('purchase', 'sales')
        and fuels.fuel_group in ('electricity', 'heat')
        and (cells.year, fuels.fuel_group) not in (
            select (year, split_part(entry, '_', -1)) from exchanged where enterprise_id is null
        )
        and (cells.enterprise_id, cells.year, fuels.fuel_group) not in (
            select (enterprise_id, year, split_part(entry, '_', -1)) from exchanged
            where enterprise_id is not null
        )

),

-- Certificates part what is received: each kind takes its part of every cell of the pool.
carried as (

    select
        activities.year,
        activities.activity_no,
        1 as weight,
        cells.* exclude (year, enterprise_id, entry, item_code)
    from activities
    inner join (
        select * from exchanged
        union all
        select * from bought
    ) as cells
        on
            activities.year = cells.year
            and activities.entry = cells.entry
            and activities.enterprise_id is not distinct from cells.enterprise_id
            and case activities.item_code
                when 'certificate_covered' then 'grid' else activities.item_code
            end
            = case cells.item_code when 'certificate_covered' then 'grid' else cells.item_code end

),

-- The certificates that cover it are shown beside, and add nothing to what was received.
claimed as (

    select
        activities.year,
        activities.activity_no,
        0 as weight,
        'raw.park_returns_certificates' as raw_table,
        claims._file_name as file_name,
        claims._sheet_name as sheet_name,
        claims._row_number as row_number,
        'certificate_mwh' as column_name,
        returned.certificate_mwh as value_text,
        'MWh' as unit_label,
        1.0 as to_unit_factor,
        claims.certificate_mwh as cell_quantity,
        claims.source_id
    from activities
    inner join reference.park_methods as methods on methods.method = $method
    inner join quality.certificate_claims as claims
        on
            claims.park_id = $park_id
            and activities.year = claims.year
            and methods.claim_scheme = claims.claim_scheme
            and claims.status = 'counted'
    inner join raw.park_returns_certificates as returned
        on
            claims._file_name = returned._file_name
            and claims._sheet_name is not distinct from returned._sheet_name
            and claims._row_number = cast(returned._row_number as bigint)
    where
        activities.entry = 'purchased_electricity'
        and activities.item_code = 'certificate_covered'

),

-- What is burnt for power and heat is returned apart, or else is all that goes into transformation:
-- whichever makes the quantity of the ledger is taken.
readings as (

    select
        reading_no,
        unnest(burnt_flows) as burnt_flow
    from (values
        (1, ['power_input', 'heat_input']),
        (2, ['transformation_input'])
    ) as listed (reading_no, burnt_flows)

),

flows_read as (

    select
        flows.*,
        readings.reading_no,
        readings.burnt_flow as cell_flow
    from reference.park_method_flows as flows
    inner join readings on flows.flow = 'burnt_input'
    where flows.method = $method
    union all
    select
        flows.*,
        reading_no,
        flows.flow as cell_flow
    from reference.park_method_flows as flows
    cross join (select distinct reading_no from readings) as numbers
    where flows.method = $method and flows.flow <> 'burnt_input'

),

burnt as (

    select
        activities.year,
        activities.activity_no,
        flows.reading_no,
        flows.weight,
        cells.raw_table,
        cells.file_name,
        cells.sheet_name,
        cells.row_number,
        cells.column_name,
        cells.value_text,
        cells.unit_label,
        cells.to_unit_factor,
        cells.quantity as cell_quantity,
        cells.source_id
    from activities
    inner join flows_read as flows
        on activities.entry = flows.entry and activities.sign = flows.sign
    inner join energy_cells as cells
        on
            activities.year = cells.year
            and activities.enterprise_id = cells.enterprise_id
            and activities.item_code = cells.fuel_code
            and cells.flow = flows.cell_flow
    left join raw.park_returns_enterprise_energy as kinds
        on
            cells.file_name = kinds._file_name
            and coalesce(cells.sheet_name, '') = coalesce(kinds._sheet_name, '')
            and cells.row_number = kinds._row_number
    where coalesce(kinds.coal_kind, activities.line_detail, '') = coalesce(activities.line_detail, '')

),

processed as (

    select
        activities.year,
        activities.activity_no,
        1 as weight,
        'raw.park_returns_process' as raw_table,
        returned._file_name as file_name,
        returned._sheet_name as sheet_name,
        cast(returned._row_number as bigint) as row_number,
        'process_quantity_t' as column_name,
        returned.process_quantity_t as value_text,
        't' as unit_label,
        1.0 as to_unit_factor,
        cast(returned.process_quantity_t as double) as cell_quantity,
        returned._source_id as source_id
    from activities
    inner join raw.park_returns_process as returned
        on
            activities.list_park_id = returned.park_id
            and activities.year = cast(returned.year as integer)
            and activities.list_enterprise_id = returned.enterprise_id
            and activities.item_code = returned.process_product
            and activities.line_detail is not distinct from returned.process_route

),

removed as (

    select
        activities.year,
        activities.activity_no,
        1 as weight,
        'raw.park_returns_sinks' as raw_table,
        returned._file_name as file_name,
        returned._sheet_name as sheet_name,
        cast(returned._row_number as bigint) as row_number,
        'co2_t' as column_name,
        returned.co2_t as value_text,
        't' as unit_label,
        1.0 as to_unit_factor,
        cast(returned.co2_t as double) as cell_quantity,
        returned._source_id as source_id
    from activities
    inner join raw.park_returns_sinks as returned
        on
            returned.park_id = $park_id
            and activities.year = cast(returned.year as integer)
            and activities.item_code = returned.sink_kind

),

allowed as (

    select
        activities.year,
        activities.activity_no,
        1 as weight,
        'raw.park_returns_allowances' as raw_table,
        returned._file_name as file_name,
        returned._sheet_name as sheet_name,
        cast(returned._row_number as bigint) as row_number,
        'quantity_t' as column_name,
        returned.quantity_t as value_text,
        't' as unit_label,
        1.0 as to_unit_factor,
        cast(returned.quantity_t as double) as cell_quantity,
        returned._source_id as source_id
    from activities
    inner join raw.park_returns_allowances as returned
        on
            activities.list_park_id = returned.park_id
            and activities.year = cast(returned.year as integer)
            and activities.list_enterprise_id = returned.enterprise_id
            and activities.item_code = returned.allowance_kind

)

select *, 1 as reading_no from carried
union all by name
select *, 1 as reading_no from claimed
union all by name
select * from burnt
union all by name
select *, 1 as reading_no from processed
union all by name
select *, 1 as reading_no from removed
union all by name
select *, 1 as reading_no from allowed;

create or replace temp table cells as
with summed as (

    select
        year,
        activity_no,
        reading_no,
        sum(weight * cell_quantity order by file_name, row_number, column_name) as cells_quantity,
        sum(abs(weight * cell_quantity) order by file_name, row_number, column_name) as scale
    from candidate_cells
    group by year, activity_no, reading_no

),

-- Kinds that share one pool of cells: each has the part that the ledger gives it.
pools as (

    select
        activity_no,
        year,
        quantity,
        case
            when item_code in ('grid', 'certificate_covered')
                then sum(quantity) over (
                    partition by
                        year, entry, enterprise_id, sign,
                        item_code in ('grid', 'certificate_covered')
                )
            else quantity
        end as pool_quantity
    from activities

),

judged as (

    select
        summed.year,
        summed.activity_no,
        summed.reading_no,
        coalesce(abs(pools.pool_quantity - summed.cells_quantity) <= 1e-9 * summed.scale, false)
            as makes_quantity,
        coalesce(pools.quantity / nullif(pools.pool_quantity, 0), 1) as pool_share
    from summed
    inner join pools on summed.year = pools.year and summed.activity_no = pools.activity_no
    qualify
        row_number() over (
            partition by summed.year, summed.activity_no
            order by makes_quantity desc, summed.reading_no
        ) = 1

)

select
    candidate_cells.activity_no,
    candidate_cells.year,
    candidate_cells.raw_table,
    candidate_cells.file_name,
    candidate_cells.sheet_name,
    candidate_cells.row_number,
    candidate_cells.column_name,
    candidate_cells.value_text,
    candidate_cells.unit_label,
    candidate_cells.to_unit_factor,
    candidate_cells.weight * judged.pool_share as weight,
    candidate_cells.cell_quantity,
    'activity' as input_role,
    candidate_cells.source_id,
    judged.makes_quantity
from candidate_cells
inner join judged
    on
        candidate_cells.year = judged.year
        and candidate_cells.activity_no = judged.activity_no
        and candidate_cells.reading_no = judged.reading_no;

create or replace temp table factors as
with keys as (

    select
        year,
        factor_key,
        any_value(factor_id order by line_no) as factor_id,
        any_value(gas order by line_no) as gas,
        any_value(item_code order by line_no) as item_code,
        any_value(line_detail order by line_no) as line_detail,
        any_value(entry order by line_no) as entry,
        any_value(unit order by line_no) as unit,
        any_value(factor_value order by line_no) as factor_value,
        any_value(factor_source_id order by line_no) as source_id
    from lines
    group by year, factor_key

)

select
    keys.* exclude (line_detail, entry),
    coalesce(measured.ncv_gj_per_unit, fuel_factors.ncv_gj_per_unit) as ncv_gj_per_unit,
    coalesce(measured.carbon_content_tc_per_gj, fuel_factors.carbon_content_tc_per_gj)
        as carbon_content_tc_per_gj,
    coalesce(entries.oxidation_rate, measured.oxidation_rate, fuel_factors.oxidation_rate)
        as oxidation_rate,
    cast(null as double) as printed_factor,
    case when measured.ncv_gj_per_unit is null then fuel_factors.unit else measured.unit end
        as printed_unit,
    case when measured.factor_id is null then fuel_factors.confidence else 'sourced' end
        as confidence,
    coalesce(measured.origin, fuel_factors.origin, sources.origin) as origin,
    coalesce(measured.laboratory, fuel_factors.note) as note
from keys
left join reference.measured_factors as measured on keys.factor_id = measured.factor_id
left join reference.park_method_entries as entries
    on entries.method = $method and keys.entry = entries.entry
left join reference.park_fuel_factors as fuel_factors
    on
        fuel_factors.method = $method
        and keys.gas = 'co2'
        and keys.item_code = fuel_factors.fuel_code
        and keys.line_detail is not distinct from fuel_factors.coal_kind
        and keys.year >= fuel_factors.year_from
        and keys.year <= fuel_factors.year_to
left join reference.sources on keys.source_id = sources.source_id;

create or replace temp table not_counted as
select
    year,
    enterprise_id,
    item_code,
    unit,
    quantity as cell_quantity,
    value_status as column_name,
    '' as file_name,
    0 as row_number
from ledger
where co2e_t is null;
