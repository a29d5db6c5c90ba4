-- What is missing or assumed in the last account of each park, gap by gap, and between which ends
-- net CO2, energy use and so the core ratio lie because of it. The ends follow from what is held:
-- kind: coal of the kind that emits least or most; power and heat that say no kind are non-fossil
--     or not;
-- claim: what is covered without a certificate counts as power of the grid;
-- product: the quantity of a product that nobody returned has no upper bound;
-- used, bought, sold, takes_off: as in quality.data_requests, by the lines of the ledger; a fuel of
--     which more is recovered than burnt takes nothing off.
-- What is made of reconstructed returns is off by the assumed error.
{% set by_carrier = ['park_id', 'year', 'method', 'carrier_kind'] %}
{% set by_enterprise = ['park_id', 'year', 'method', 'enterprise_id'] %}
{% set by_account = ['park_id', 'year', 'method'] %}

with ledger as (

    select * from {{ ref('park_carbon_ledger') }}

),

accounts as (

    select * from {{ ref('park_carbon_account') }}
    where is_own_view

),

methods as (

    select * from {{ ref('park_methods') }}

),

gaps as (

    select * from {{ ref('int_park__gaps_listed') }}
    where status = 'missing'

),

required as (

    select * from {{ ref('required_fields') }}
    where is_needed

),

fuel_factors as (

    select * from {{ ref('park_fuel_factors') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

fuels as (

    select * from {{ ref('fuels') }}

),

tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}

),

flows as (

    select * from {{ ref('int_park__account_flows') }}
    where flow = 'consumption'

),

view_factors as (

    select
        placed.*,
        parks.park_id
    from {{ ref('parks') }} as parks
    inner join {{ ref('regions') }} as regions on parks.region_code = regions.region_code
    inner join {{ ref('int_park__view_factors_placed') }} as placed
        on regions.province_code = placed.province_code

),

heat_factors as (

    select * from {{ ref('park_heat_factors') }}

),

units as (

    select * from {{ ref('int_park__units') }}

),

members as (

    select * from {{ ref('int_park__members_placed') }}

),

sources as (

    select * from {{ ref('sources') }}

),

settings as (

    select {{ threshold('estimated_error') }} as estimated_error

),

last_years as (

    select
        park_id,
        max(year) as year
    from accounts
    group by park_id

),

heat_coefficients as (

    {{ heat_coefficients('tce_coefficients', 'fuels') }}

),

own_lines as (

    select
        ledger.*,
        coalesce(sources.origin = 'reconstructed', false) as is_reconstructed,
        case
            when ledger.entry in ('purchased_electricity', 'sold_electricity')
                then accounts.supply_tce_per_unit
            when ledger.entry in ('purchased_heat', 'sold_heat')
                then heat_coefficients.tce_per_unit
            when ledger.entry = 'combustion' then tce_coefficients.tce_per_unit
        end * ledger.quantity * ledger.sign as line_energy_tce
    from ledger
    inner join methods
        on ledger.method = methods.method and ledger.electricity_view = methods.own_view
    inner join accounts
        on {{ same_columns('ledger', 'accounts', by_account) }}
    left join tce_coefficients
        on
            methods.tce_set = tce_coefficients.tce_set
            and ledger.line_item = tce_coefficients.fuel_code
    left join heat_coefficients on methods.tce_set = heat_coefficients.tce_set
    left join sources on ledger.source_id = sources.source_id
    where ledger.is_counted and ledger.gas = 'co2'

),

lines as (

    select own_lines.*
    from own_lines
    inner join last_years
        on own_lines.park_id = last_years.park_id and own_lines.year = last_years.year

),

-- Least and most CO2 of the kinds of a fuel.
kinds as (

    select
        fuel_factors.method,
        fuel_factors.fuel_code,
        fuel_factors.year_from,
        fuel_factors.year_to,
        fuel_factors.ncv_gj_per_unit / unit_labels.to_unit_factor
        * fuel_factors.carbon_content_tc_per_gj * fuel_factors.oxidation_rate
        * {{ constant('co2_per_carbon') }} as gas_t_per_quantity
    from fuel_factors
    inner join unit_labels on fuel_factors.unit = unit_labels.unit_label
    where fuel_factors.coal_kind is not null

),

coal_kinds as (

    select
        lines.park_id,
        lines.year,
        lines.method,
        lines.enterprise_id,
        lines.line_item,
        lines.quantity,
        lines.gas_t_per_quantity,
        min(kinds.gas_t_per_quantity) as least_t_per_quantity,
        max(kinds.gas_t_per_quantity) as most_t_per_quantity
    from lines
    inner join kinds
        on
            lines.method = kinds.method
            and lines.line_item = kinds.fuel_code
            and lines.year >= kinds.year_from
            and lines.year <= kinds.year_to
    where
        lines.value_status = 'assumed_coal_kind'
        and lines.entry = 'combustion'
        and lines.quantity > 0
    group by
        lines.park_id, lines.year, lines.method, lines.enterprise_id, lines.line_item,
        lines.quantity, lines.gas_t_per_quantity

),

enterprise_years as (

    select
        park_id,
        year,
        method,
        enterprise_id,
        sum(co2_t) as co2_t,
        sum(coalesce(line_energy_tce, 0e0)) as energy_tce
    from own_lines
    where enterprise_id is not null
    group by park_id, year, method, enterprise_id

),

other_years as (

    select
        park_id,
        method,
        enterprise_id,
        min(co2_t) as least_co2_t,
        max(co2_t) as most_co2_t,
        min(energy_tce) as least_energy_tce,
        max(energy_tce) as most_energy_tce
    from enterprise_years
    group by park_id, method, enterprise_id

),

burnt as (

    select
        park_id,
        year,
        method,
        enterprise_id,
        line_item,
        sum(co2_t) as co2_t
    from lines
    where entry = 'combustion'
    group by park_id, year, method, enterprise_id, line_item

),

received as (

    select
        park_id,
        year,
        method,
        case entry when 'purchased_heat' then 'heat' else 'electricity' end as carrier_kind,
        sum(co2_t) as co2_t,
        sum(line_energy_tce) as energy_tce
    from lines
    where entry in ('purchased_electricity', 'purchased_heat')
    group by
        park_id, year, method,
        case entry when 'purchased_heat' then 'heat' else 'electricity' end

),

-- What a unit of power and heat from outside emits and is in standard coal.
carriers as (

    select
        accounts.park_id,
        accounts.year,
        accounts.method,
        'electricity' as carrier_kind,
        accounts.electricity_basis as carrier_basis,
        max(view_factors.view_co2_t_per_mwh) as co2_t_per_quantity,
        max(accounts.supply_tce_per_unit) as tce_per_quantity
    from accounts
    inner join methods on accounts.method = methods.method
    inner join view_factors
        on
            {{ same_columns('accounts', 'view_factors', ['park_id', 'method']) }}
            and methods.own_view = view_factors.electricity_view
            and accounts.year >= view_factors.year_from
            and accounts.year <= view_factors.year_to
    group by accounts.park_id, accounts.year, accounts.method, accounts.electricity_basis
    union all
    select
        accounts.park_id,
        accounts.year,
        accounts.method,
        'heat' as carrier_kind,
        accounts.heat_basis as carrier_basis,
        max(heat_factors.co2_t_per_gj) as co2_t_per_quantity,
        max(heat_coefficients.tce_per_unit) as tce_per_quantity
    from accounts
    inner join methods on accounts.method = methods.method
    inner join heat_factors
        on
            accounts.method = heat_factors.method
            and accounts.year >= heat_factors.year_from
            and accounts.year <= heat_factors.year_to
    left join heat_coefficients on methods.tce_set = heat_coefficients.tce_set
    group by accounts.park_id, accounts.year, accounts.method, accounts.heat_basis

),

used as (

    select
        flows.park_id,
        flows.year,
        flows.enterprise_id,
        fuels.fuel_group as carrier_kind,
        sum(flows.quantity) as quantity
    from flows
    inner join fuels on flows.fuel_code = fuels.fuel_code
    where fuels.fuel_group in ('electricity', 'heat')
    group by flows.park_id, flows.year, flows.enterprise_id, fuels.fuel_group

),

-- Gaps of the energy returns, by each method of the ledger, in the year of the account.
asked as (

    select
        gaps.park_id,
        gaps.year,
        methods.method,
        gaps.dataset,
        gaps.column_name,
        gaps.carrier_kind,
        gaps.industry_code,
        gaps.enterprise_id,
        gaps.fuel_code,
        required.gap_effect,
        row_number() over (
            partition by
                gaps.park_id, methods.method, gaps.dataset, gaps.column_name, gaps.carrier_kind
            order by gaps.enterprise_id, gaps.fuel_code
        ) as place_in_park
    from gaps
    inner join last_years on gaps.park_id = last_years.park_id and gaps.year = last_years.year
    cross join methods
    inner join required
        on
            {{ same_columns('gaps', 'required', ['dataset', 'column_name']) }}
            and required.required_by is null
            and (required.method is null or methods.method = required.method)
            and (required.carrier_kind is null or gaps.carrier_kind = required.carrier_kind)
            and (required.industry_code is null or gaps.industry_code = required.industry_code)
    where required.gap_effect <> 'none'

),

of_returns as (

    select
        asked.park_id,
        asked.year,
        asked.method,
        asked.dataset,
        asked.column_name,
        asked.carrier_kind,
        asked.industry_code,
        asked.enterprise_id,
        asked.fuel_code as line_item,
        'missing' as status,
        case asked.gap_effect
            when 'used' then other_years.least_co2_t
            when 'takes_off' then -greatest(coalesce(burnt.co2_t, 0e0), 0e0)
            when 'sold' then -coalesce(received.co2_t, 0e0)
            else 0
        end as low_co2_t,
        case asked.gap_effect
            when 'used' then other_years.most_co2_t
            when 'bought' then coalesce(used.quantity * carriers.co2_t_per_quantity, 0e0)
            else 0
        end as high_co2_t,
        case asked.gap_effect
            when 'used' then other_years.least_energy_tce
            when 'sold' then -coalesce(received.energy_tce, 0e0)
            else 0
        end as low_energy_tce,
        case asked.gap_effect
            when 'used' then other_years.most_energy_tce
            when 'bought' then coalesce(used.quantity * carriers.tce_per_quantity, 0e0)
            else 0
        end as high_energy_tce
    from asked
    -- What is asked of the left side alone is put as an equality, else each row meets each.
    left join other_years
        on {{ same_columns('asked', 'other_years', ['park_id', 'method', 'enterprise_id']) }}
    left join burnt
        on
            {{ same_columns('asked', 'burnt', by_enterprise) }}
            and asked.fuel_code = burnt.line_item
    left join carriers
        on {{ same_columns('asked', 'carriers', by_carrier) }}
    left join received
        on
            {{ same_columns('asked', 'received', by_carrier) }}
            and case
                when asked.place_in_park = 1 and carriers.carrier_basis = 'enterprise_returns'
                    then asked.park_id
            end = received.park_id
    left join used
        on
            {{ same_columns('asked', 'used', ['park_id', 'year', 'enterprise_id']) }}
            and asked.carrier_kind = used.carrier_kind
            and case
                when carriers.carrier_basis <> 'exchange_form' then asked.park_id
            end = used.park_id
),

of_coal_kinds as (

    select
        park_id,
        year,
        method,
        'park_returns_enterprise_energy' as dataset,
        'coal_kind' as column_name,
        'fuel' as carrier_kind,
        cast(null as {{ type_name('varchar') }}) as industry_code,
        enterprise_id,
        line_item,
        'missing' as status,
        sum(quantity * (least_t_per_quantity - gas_t_per_quantity)) as low_co2_t,
        sum(quantity * (most_t_per_quantity - gas_t_per_quantity)) as high_co2_t,
        0e0 as low_energy_tce,
        0e0 as high_energy_tce
    from coal_kinds
    group by park_id, year, method, enterprise_id, line_item

),

of_supply_kinds as (

    select
        lines.park_id,
        lines.year,
        lines.method,
        case lines.value_status
            when 'assumed_supply_kind' then 'park_returns_energy_exchange'
            else 'park_returns_certificates'
        end as dataset,
        case lines.value_status
            when 'assumed_supply_kind' then 'supply_kind' else 'certificate_mwh'
        end as column_name,
        carriers.carrier_kind,
        cast(null as {{ type_name('varchar') }}) as industry_code,
        lines.enterprise_id,
        lines.line_item,
        'missing' as status,
        sum(
            case lines.value_status when 'assumed_supply_kind' then 0 - lines.co2_t else 0 end
        ) as low_co2_t,
        sum(
            case lines.value_status
                when 'assumed_supply_kind' then 0
                else lines.quantity * carriers.co2_t_per_quantity - lines.co2_t
            end
        ) as high_co2_t,
        0e0 as low_energy_tce,
        0e0 as high_energy_tce
    from lines
    inner join carriers
        on
            lines.park_id = carriers.park_id
            and lines.year = carriers.year
            and lines.method = carriers.method
            and lines.entry = 'purchased_' || carriers.carrier_kind
    where
        lines.value_status in ('assumed_supply_kind', 'claimed_without_certificates')
        and lines.quantity > 0
    group by
        lines.park_id, lines.year, lines.method, lines.value_status, carriers.carrier_kind,
        lines.enterprise_id, lines.line_item

),

products_returned as (

    select distinct
        park_id,
        year,
        method,
        enterprise_id
    from lines
    where entry = 'process'

),

of_products as (

    select
        members.park_id,
        members.year,
        accounts.method,
        required.dataset,
        required.column_name,
        required.carrier_kind,
        units.industry_code,
        members.enterprise_id,
        cast(null as {{ type_name('varchar') }}) as line_item,
        'missing' as status,
        0e0 as low_co2_t,
        cast(null as double) as high_co2_t,
        0e0 as low_energy_tce,
        0e0 as high_energy_tce
    from members
    inner join last_years
        on members.park_id = last_years.park_id and members.year = last_years.year
    inner join accounts
        on members.park_id = accounts.park_id and members.year = accounts.year
    inner join units
        on
            {{ same_columns('members', 'units', ['park_id', 'enterprise_id']) }}
            and not units.is_aggregate
    inner join required
        on
            units.industry_code = required.industry_code
            and required.required_by = 'ledger'
            and required.gap_effect = 'product'
            and (required.method is null or accounts.method = required.method)
    left join products_returned
        on
            {{ same_columns('members', 'products_returned', ['park_id', 'year']) }}
            and accounts.method = products_returned.method
            and members.enterprise_id = products_returned.enterprise_id
    where products_returned.park_id is null

),

of_estimates as (

    select
        lines.park_id,
        lines.year,
        lines.method,
        'park_returns_enterprise_energy' as dataset,
        case lines.entry
            when 'combustion' then 'consumption_quantity' else 'purchase_quantity'
        end as column_name,
        case
            when lines.entry = 'combustion' then 'fuel'
            when lines.entry = 'purchased_heat' then 'heat'
            else 'electricity'
        end as carrier_kind,
        cast(null as {{ type_name('varchar') }}) as industry_code,
        lines.enterprise_id,
        lines.line_item,
        'estimated' as status,
        -sum(settings.estimated_error * abs(lines.co2_t)) as low_co2_t,
        sum(settings.estimated_error * abs(lines.co2_t)) as high_co2_t,
        -sum(settings.estimated_error * abs(lines.line_energy_tce)) as low_energy_tce,
        sum(settings.estimated_error * abs(lines.line_energy_tce)) as high_energy_tce
    from lines
    cross join settings
    where
        lines.is_reconstructed
        and lines.entry in ('combustion', 'purchased_electricity', 'purchased_heat')
        and lines.quantity > 0
    group by
        lines.park_id, lines.year, lines.method, lines.entry, lines.enterprise_id, lines.line_item

),

united as (

    select * from of_returns
    union all
    select * from of_coal_kinds
    union all
    select * from of_supply_kinds
    union all
    select * from of_products
    union all
    select * from of_estimates

),

valued as (

    select
        united.*,
        accounts.net_co2_t,
        accounts.equivalent_energy_tce,
        accounts.core_co2_t_per_tce,
        accounts.ratio_refusal,
        {{ origin_rank('accounts.origin') }} as origin_rank,
        (accounts.net_co2_t + united.low_co2_t)
        / nullif(greatest(accounts.equivalent_energy_tce + united.low_energy_tce, 0), 0)
            as low_ratio,
        (accounts.net_co2_t + united.high_co2_t)
        / nullif(greatest(accounts.equivalent_energy_tce + united.high_energy_tce, 0), 0)
            as high_ratio
    from united
    inner join accounts
        on {{ same_columns('united', 'accounts', by_account) }}

),

bounded as (

    select
        *,
        low_co2_t is null or high_co2_t is null as is_unbounded,
        case when ratio_refusal is null then least(low_ratio, high_ratio) end
            as core_least_co2_t_per_tce,
        case
            when ratio_refusal is null and low_ratio is not null and high_ratio is not null
                then greatest(low_ratio, high_ratio)
        end as core_most_co2_t_per_tce
    from valued

),

final as (

    select
        park_id,
        year,
        method,
        dataset,
        column_name,
        carrier_kind,
        industry_code,
        enterprise_id,
        line_item,
        status,
        low_co2_t,
        high_co2_t,
        low_energy_tce,
        high_energy_tce,
        net_co2_t,
        equivalent_energy_tce,
        core_co2_t_per_tce,
        core_least_co2_t_per_tce,
        core_most_co2_t_per_tce,
        core_most_co2_t_per_tce - core_least_co2_t_per_tce as core_width_co2_t_per_tce,
        cast(
            row_number() over (
                partition by park_id, method
                order by
                    case when is_unbounded then 0 else 1 end,
                    {{ tie_value(
                        'core_most_co2_t_per_tce - core_least_co2_t_per_tce', 'core_co2_t_per_tce'
                    ) }} desc nulls last,
                    dataset,
                    column_name,
                    enterprise_id nulls first,
                    line_item nulls first,
                    carrier_kind
            ) as integer
        ) as gap_rank,
        case when is_unbounded then 'unbounded' else ratio_refusal end as refusal,
        {{ origin_of_rank('greatest(2, origin_rank)') }} as origin
    from bounded

)

select * from final
order by park_id, method, gap_rank
