-- Where the paths of a park start: its last account with a ratio, entry by entry, by each method
-- that has bounds to lead to.
with ratios as (

    select * from {{ ref('park_core_ratio') }}
    where
        energy_basis = 'account'
        and tce_convention = 'coal_equivalent'
        and core_co2_t_per_tce is not null
        and clause_id is not null

),

ledger as (

    select * from {{ ref('park_carbon_ledger') }}
    where is_counted and co2_t is not null

),

methods as (

    select * from {{ ref('park_methods') }}

),

latest as (

    select
        park_id,
        method,
        max(year) as year
    from ratios
    group by park_id, method

),

entries as (

    select
        latest.park_id,
        latest.method,
        latest.year,
        ledger.entry,
        sum(ledger.co2_t) as entry_co2_t
    from latest
    inner join methods on latest.method = methods.method
    inner join ledger
        on
            latest.park_id = ledger.park_id
            and latest.method = ledger.method
            and latest.year = ledger.year
            and methods.own_view = ledger.electricity_view
    group by latest.park_id, latest.method, latest.year, ledger.entry

),

final as (

    select
        entries.park_id,
        entries.method,
        entries.year as base_year,
        entries.entry,
        entries.entry_co2_t,
        ratios.net_co2_t,
        ratios.basis_energy_tce,
        ratios.core_co2_t_per_tce,
        ratios.energy_class,
        ratios.bound_co2_t_per_tce,
        ratios.clause_id,
        ratios.clause_status,
        {{ origin_of_rank('greatest(2, ' ~ origin_rank('ratios.origin') ~ ')') }} as origin
    from entries
    inner join ratios
        on
            entries.park_id = ratios.park_id
            and entries.method = ratios.method
            and entries.year = ratios.year

)

select * from final
order by park_id, method, entry
