{#
  Ends of what nobody returned of energy (used, bought, sold, takes_off), by each method of the
  ledger, in the year of the account. Reads own_lines, lines, carriers, flows, fuels, gaps, required,
  methods and last_years.
#}
{% macro gaps_of_energy_returns() -%}
{% set by_carrier = ['park_id', 'year', 'method', 'carrier_kind'] %}
{% set by_enterprise = ['park_id', 'year', 'method', 'enterprise_id'] %}
with enterprise_years as (

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
        ) as place_in_park,
        row_number() over (
            partition by
                gaps.park_id, methods.method, gaps.dataset, gaps.column_name, gaps.enterprise_id
            order by gaps.fuel_code
        ) as place_in_enterprise
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

-- Within what the enterprise emitted in other years, less what is counted of it already: once,
-- whatever the number of its carriers that say nothing.
asked_bounded as (

    select
        asked.*,
        {% for quantity in ['co2_t', 'energy_tce'] %}
            {% for end in ['least', 'most'] %}
                case
                    when asked.place_in_enterprise > 1 then 0
                    else other_years.{{ end }}_{{ quantity }} - coalesce(own.{{ quantity }}, 0e0)
                end as {{ end }}_{{ quantity }}{{ ',' if not (loop.last and quantity == 'energy_tce') }}
            {% endfor %}
        {% endfor %}
    from asked
    left join other_years
        on {{ same_columns('asked', 'other_years', ['park_id', 'method', 'enterprise_id']) }}
    left join enterprise_years as own
        on {{ same_columns('asked', 'own', by_enterprise) }}

)

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
        when 'used' then asked.least_co2_t
        when 'takes_off' then -greatest(coalesce(burnt.co2_t, 0e0), 0e0)
        when 'sold' then -coalesce(received.co2_t, 0e0)
        else 0
    end as low_co2_t,
    case asked.gap_effect
        when 'used' then asked.most_co2_t
        when 'bought' then coalesce(used.quantity * carriers.co2_t_per_quantity, 0e0)
        else 0
    end as high_co2_t,
    case asked.gap_effect
        when 'used' then asked.least_energy_tce
        when 'sold' then -coalesce(received.energy_tce, 0e0)
        else 0
    end as low_energy_tce,
    case asked.gap_effect
        when 'used' then asked.most_energy_tce
        when 'bought' then coalesce(used.quantity * carriers.tce_per_quantity, 0e0)
        else 0
    end as high_energy_tce
from asked_bounded as asked
-- What is asked of the left side alone is put as an equality, else each row meets each.
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
{%- endmacro %}
