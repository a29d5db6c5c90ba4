-- What is missing or assumed in the last account of each park, gap by gap, and between which ends
-- net CO2, energy use and so the core ratio lie because of it. The ends follow from what is held:
-- kind: coal of the kind that emits least or most; power and heat that say no kind are non-fossil
--     or not;
-- claim: what is covered without a certificate counts as power of the grid;
-- product: the quantity of a product that nobody returned has no upper bound;
-- used, bought, sold, takes_off: as in quality.data_requests, by the lines of the ledger; a fuel of
--     which more is recovered than burnt takes nothing off.
-- What is made of reconstructed returns is off by the assumed error.
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

    {{ lines_in_standard_coal() | indent }}

),

lines as (

    select own_lines.*
    from own_lines
    inner join last_years
        on own_lines.park_id = last_years.park_id and own_lines.year = last_years.year

),

carriers as (

    {{ carriers_from_outside() | indent }}

),

of_returns as (

    {{ gaps_of_energy_returns() | indent }}

),

of_coal_kinds as (

    {{ gaps_of_coal_kinds() | indent }}

),

of_supply_kinds as (

    {{ gaps_of_supply_kinds() | indent }}

),

of_products as (

    {{ gaps_of_products() | indent }}

),

of_estimates as (

    {{ gaps_of_estimates() | indent }}

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
        case when ratio_refusal is null then {{ end_of_core_ratio('least') | indent }} end
            as core_least_co2_t_per_tce,
        case
            when ratio_refusal is null and low_ratio is not null and high_ratio is not null
                then {{ end_of_core_ratio('greatest') | indent }}
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
