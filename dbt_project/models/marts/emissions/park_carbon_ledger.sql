-- One line for each thing that an entry counts; of what is no electricity, the same in each view.
-- That is summed once and put into the views last, so that no sum holds its rows five times.
with fuel_lines as (

    select * from {{ ref('int_park__fuel_lines') }}

),

electricity as (

    select * from {{ ref('int_park__electricity_covered') }}

),

exchanges as (

    select * from {{ ref('int_park__exchanges_counted') }}
    where carrier = 'heat' and direction <> 'self_generated'

),

view_factors as (

    select * from {{ ref('int_park__view_factors_placed') }}

),

view_supply_kinds as (

    select * from {{ ref('view_supply_kinds') }}

),

entries as (

    select * from {{ ref('park_method_entries') }}

),

standards as (

    select * from {{ ref('standards') }}

),

heat_factors as (

    select * from {{ ref('park_heat_factors') }}

),

process_lines as (

    select * from {{ ref('int_park__process_lines') }}

),

balances as (

    select distinct
        method,
        park_id,
        enterprise_id,
        year
    from process_lines
    where value_status = 'carbon_balance'

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

park_regions as (

    select
        parks.park_id,
        regions.province_code
    from {{ ref('parks') }} as parks
    inner join {{ ref('regions') }} as regions on parks.region_code = regions.region_code

),

sinks as (

    select
        returned.*,
        kinds.entry,
        kinds.sign,
        max(returned.vintage) over (partition by returned.park_id, returned.year)
            as newest_vintage
    from {{ ref('stg_park_returns__sinks') }} as returned
    inner join {{ ref('park_account_sinks') }} as kinds on returned.sink_kind = kinds.sink_kind
    where {{ is_known_vintage('returned.vintage') }}

),

allowances as (

    select
        returned.*,
        kinds.entry,
        kinds.sign,
        max(returned.vintage) over (
            partition by returned.park_id, returned.enterprise_id, returned.year
        ) as newest_vintage
    from {{ ref('stg_park_returns__allowances') }} as returned
    inner join {{ ref('park_account_allowances') }} as kinds
        on returned.allowance_kind = kinds.allowance_kind
    where {{ is_known_vintage('returned.vintage') }}

),

ch4_n2o_factors as (

    select
        factors.fuel_code,
        industries.industry_code,
        'ch4' as gas,
        factors.ch4_kg_per_gj as kg_per_gj,
        factors.source_id,
        {{ origin_rank('factors.origin') }} as origin_rank
    from {{ ref('ch4_n2o_factors') }} as factors
    inner join {{ ref('industries') }} as industries
        on factors.sector_class = industries.sector_class
    union all
    select
        factors.fuel_code,
        industries.industry_code,
        'n2o' as gas,
        factors.n2o_kg_per_gj as kg_per_gj,
        factors.source_id,
        {{ origin_rank('factors.origin') }} as origin_rank
    from {{ ref('ch4_n2o_factors') }} as factors
    inner join {{ ref('industries') }} as industries
        on factors.sector_class = industries.sector_class

),

gwp as (

    select * from {{ ref('gwp') }}
    where gwp_set = '{{ var("gwp_set") }}'

),

-- The views that a park has in a year: those whose factor is published.
views as (

    select
        park_regions.park_id,
        view_factors.method,
        view_factors.electricity_view,
        view_factors.year_from,
        view_factors.year_to,
        view_factors.view_co2_t_per_mwh,
        view_factors.clause_id,
        view_factors.source_id,
        view_factors.origin_rank
    from park_regions
    inner join view_factors on park_regions.province_code = view_factors.province_code

),

-- Feedstock is a line where the carbon of its plant is balanced, else a product has the factor.
burnt as (

    select
        fuel_lines.method,
        fuel_lines.park_id,
        fuel_lines.year,
        fuel_lines.entry,
        fuel_lines.enterprise_id,
        fuel_lines.fuel_code as line_item,
        fuel_lines.coal_kind as line_detail,
        'co2' as gas,
        fuel_lines.sign,
        fuel_lines.quantity,
        fuel_lines.unit,
        fuel_lines.gas_t_per_quantity,
        fuel_lines.factor_clause_id as clause_id,
        fuel_lines.factor_id,
        fuel_lines.factor_source_id,
        case when balances.park_id is null then fuel_lines.value_status else 'carbon_balance' end
            as value_status,
        fuel_lines.origin_rank,
        fuel_lines.source_id
    from fuel_lines
    left join balances
        on
            fuel_lines.method = balances.method
            and fuel_lines.park_id = balances.park_id
            and fuel_lines.enterprise_id = balances.enterprise_id
            and fuel_lines.year = balances.year
            and fuel_lines.entry = 'process'
    where fuel_lines.entry <> 'process' or balances.park_id is not null

),

other_gases as (

    select
        fuel_lines.method,
        fuel_lines.park_id,
        fuel_lines.year,
        entries.entry,
        fuel_lines.enterprise_id,
        fuel_lines.fuel_code as line_item,
        fuel_lines.coal_kind as line_detail,
        factors.gas,
        fuel_lines.sign,
        fuel_lines.quantity,
        fuel_lines.unit,
        fuel_lines.heat_gj_per_unit * factors.kg_per_gj * {{ constant('t_per_kg') }}
            as gas_t_per_quantity,
        cast(null as {{ type_name('varchar') }}) as clause_id,
        fuel_lines.method || '.combustion.' || fuel_lines.fuel_code
        || coalesce('.' || fuel_lines.coal_kind, '') as factor_id,
        factors.source_id as factor_source_id,
        fuel_lines.value_status,
        greatest(fuel_lines.origin_rank, factors.origin_rank) as origin_rank,
        fuel_lines.source_id
    from fuel_lines
    inner join entries on fuel_lines.method = entries.method and entries.entry = 'ch4_n2o'
    inner join ch4_n2o_factors as factors
        on
            fuel_lines.fuel_code = factors.fuel_code
            and fuel_lines.industry_code = factors.industry_code
    where fuel_lines.entry = 'combustion' and fuel_lines.sign = 1

),

heat as (

    select
        heat_factors.method,
        exchanges.park_id,
        exchanges.year,
        case exchanges.direction when 'sold' then 'sold_heat' else 'purchased_heat' end as entry,
        exchanges.enterprise_id,
        exchanges.supply_kind as line_item,
        cast(null as {{ type_name('varchar') }}) as line_detail,
        'co2' as gas,
        case exchanges.direction when 'sold' then -1 else 1 end as sign,
        exchanges.quantity,
        exchanges.unit,
        case
            when heat_factors.co2_t_per_gj > 0
                then coalesce(exchanges.measured_t_per_quantity, heat_factors.co2_t_per_gj)
            else heat_factors.co2_t_per_gj
        end as gas_t_per_quantity,
        heat_factors.clause_id,
        heat_factors.method
        || case exchanges.direction when 'sold' then '.sold_heat.' else '.purchased_heat.' end
        || exchanges.supply_kind as factor_id,
        case
            when heat_factors.co2_t_per_gj > 0 and exchanges.measured_t_per_quantity is not null
                then exchanges.source_id
            else heat_factors.source_id
        end as factor_source_id,
        case
            when exchanges.kind_status = 'unit_mismatch' then exchanges.kind_status
            when
                heat_factors.co2_t_per_gj > 0 and exchanges.measured_t_per_quantity is not null
                then 'measured_factor'
            when exchanges.kind_status = 'assumed' then 'assumed_supply_kind'
            else exchanges.kind_status
        end as value_status,
        greatest(exchanges.origin_rank, {{ origin_rank('heat_factors.origin') }}) as origin_rank,
        exchanges.source_id
    from exchanges
    inner join heat_factors
        on
            exchanges.supply_kind = heat_factors.supply_kind
            and exchanges.year >= heat_factors.year_from
            and exchanges.year <= heat_factors.year_to

),

products as (

    select
        method,
        park_id,
        year,
        entry,
        enterprise_id,
        process_product as line_item,
        process_route as line_detail,
        gas,
        sign,
        quantity,
        't' as unit,
        gas_t_per_quantity,
        clause_id,
        factor_id,
        factor_source_id,
        value_status,
        origin_rank,
        source_id
    from process_lines

),

removals as (

    select
        entries.method,
        sinks.park_id,
        sinks.year,
        sinks.entry,
        cast(null as {{ type_name('varchar') }}) as enterprise_id,
        sinks.sink_kind as line_item,
        cast(null as {{ type_name('varchar') }}) as line_detail,
        'co2' as gas,
        sinks.sign,
        sinks.co2_t as quantity,
        't' as unit,
        cast(1 as double) as gas_t_per_quantity,
        entries.clause_id,
        cast(null as {{ type_name('varchar') }}) as factor_id,
        sinks.source_id as factor_source_id,
        'returned' as value_status,
        {{ origin_rank('sinks.origin') }} as origin_rank,
        sinks.source_id
    from sinks
    inner join entries on sinks.entry = entries.entry
    where sinks.vintage = sinks.newest_vintage

),

rights as (

    select
        entries.method,
        members.park_id,
        allowances.year,
        allowances.entry,
        members.enterprise_id,
        allowances.allowance_kind as line_item,
        cast(null as {{ type_name('varchar') }}) as line_detail,
        'co2' as gas,
        allowances.sign,
        allowances.quantity_t * members.member_share as quantity,
        't' as unit,
        cast(1 as double) as gas_t_per_quantity,
        entries.clause_id,
        cast(null as {{ type_name('varchar') }}) as factor_id,
        allowances.source_id as factor_source_id,
        'returned' as value_status,
        {{ origin_rank('allowances.origin') }} as origin_rank,
        allowances.source_id
    from allowances
    inner join entries on allowances.entry = entries.entry
    inner join members
        on
            allowances.park_id = members.list_park_id
            and allowances.enterprise_id = members.list_enterprise_id
            and allowances.year = members.year
    where allowances.vintage = allowances.newest_vintage and allowances.quantity_t is not null

),

same_in_views as (

    select * from burnt
    union all
    select * from other_gases
    union all
    select * from heat
    union all
    select * from products
    union all
    select * from removals
    union all
    select * from rights

),

seen as (

    select
        electricity.method,
        electricity.park_id,
        electricity.year,
        case electricity.direction
            when 'sold' then 'sold_electricity'
            when 'self_generated' then 'self_used_electricity'
            else 'purchased_electricity'
        end as entry,
        electricity.enterprise_id,
        electricity.supply_kind as line_item,
        cast(null as {{ type_name('varchar') }}) as line_detail,
        'co2' as gas,
        case electricity.direction when 'sold' then -1 else 1 end as sign,
        electricity.quantity_mwh as quantity,
        'mwh' as unit,
        case
            when
                electricity.direction = 'self_generated' or view_supply_kinds.grid_weight = 0
                then 0
            else view_supply_kinds.grid_weight * views.view_co2_t_per_mwh
        end as gas_t_per_quantity,
        views.clause_id,
        views.method
        || case electricity.direction
            when 'sold' then '.sold_electricity.'
            when 'self_generated' then '.self_used_electricity.'
            else '.purchased_electricity.'
        end
        || electricity.supply_kind || '.' || views.electricity_view as factor_id,
        views.source_id as factor_source_id,
        electricity.value_status,
        greatest(electricity.origin_rank, views.origin_rank) as origin_rank,
        electricity.source_id,
        views.electricity_view
    from electricity
    inner join views
        on
            electricity.method = views.method
            and electricity.park_id = views.park_id
            and electricity.year >= views.year_from
            and electricity.year <= views.year_to
    left join view_supply_kinds
        on
            views.electricity_view = view_supply_kinds.electricity_view
            and electricity.supply_kind = view_supply_kinds.supply_kind

),

united as (

    select
        *,
        cast(null as {{ type_name('varchar') }}) as electricity_view
    from same_in_views
    union all
    select * from seen

),

-- What one line is of, whatever month, counterpart or measured factor it came with.
summed as (

    select
        park_id,
        year,
        method,
        electricity_view,
        entry,
        enterprise_id,
        line_item,
        line_detail,
        gas,
        sign,
        unit,
        value_status,
        sum(quantity) as quantity,
        sum(quantity * gas_t_per_quantity) as gas_t,
        min(clause_id) as clause_id,
        min(factor_id) as factor_id,
        min(factor_source_id) as factor_source_id,
        max(origin_rank) as origin_rank,
        min(source_id) as source_id
    from united
    group by
        park_id, year, method, electricity_view, entry, enterprise_id, line_item, line_detail, gas,
        sign, unit, value_status

),

valued as (

    select
        summed.park_id,
        summed.year,
        summed.method,
        summed.electricity_view,
        summed.entry,
        summed.enterprise_id,
        summed.line_item,
        summed.line_detail,
        summed.gas,
        summed.sign,
        summed.quantity,
        summed.unit,
        summed.gas_t / nullif(summed.quantity, 0) as gas_t_per_quantity,
        gwp.gwp100,
        case when summed.gas = 'co2' then summed.sign * summed.gas_t end as co2_t,
        summed.sign * summed.gas_t * gwp.gwp100 as co2e_t,
        entries.is_counted,
        coalesce(summed.clause_id, entries.clause_id) as clause_id,
        summed.factor_id,
        summed.factor_source_id,
        summed.value_status,
        {{ origin_of_rank('greatest(2, summed.origin_rank)') }} as origin,
        summed.source_id
    from summed
    inner join entries on summed.method = entries.method and summed.entry = entries.entry
    left join gwp on summed.gas = gwp.gas

),

final as (

    select
        valued.park_id,
        valued.year,
        valued.method,
        views.electricity_view,
        {% for column in [
            'entry', 'enterprise_id', 'line_item', 'line_detail', 'gas', 'sign', 'quantity', 'unit',
            'gas_t_per_quantity', 'gwp100', 'co2_t', 'co2e_t', 'is_counted', 'clause_id',
        ] %}
            valued.{{ column }},
        {% endfor %}
        standards.clause_status,
        valued.factor_id,
        valued.factor_source_id,
        valued.value_status,
        valued.origin,
        valued.source_id
    from valued
    inner join views
        on
            valued.method = views.method
            and valued.park_id = views.park_id
            and valued.year >= views.year_from
            and valued.year <= views.year_to
            and coalesce(valued.electricity_view, views.electricity_view) = views.electricity_view
    left join standards on valued.clause_id = standards.clause_id

)

select * from final
order by
    park_id, year, method, electricity_view, entry, enterprise_id, line_item, line_detail, gas,
    sign, value_status
