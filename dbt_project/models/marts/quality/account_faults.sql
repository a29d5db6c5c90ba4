-- Lines that an account cannot rest on: the balance of an enterprise that gains carbon (burnt,
-- transformed, or a product that holds more than its feedstock), a line without a factor, a
-- quantity in no unit of its carrier.
with ledger as (

    select * from {{ ref('park_carbon_ledger') }}

),

balances as (

    select
        park_id,
        year,
        method,
        electricity_view,
        entry,
        enterprise_id,
        sum(co2_t) as balance_co2_t,
        sum(abs(co2_t)) as scale_co2_t
    from ledger
    where entry in ('combustion', 'transformation') or value_status = 'carbon_balance'
    group by park_id, year, method, electricity_view, entry, enterprise_id

),

gains as (

    select *
    from balances
    where {{ is_below('balance_co2_t', '0', 'scale_co2_t') }}

),

united as (

    select
        ledger.*,
        'negative_' || gains.entry as cause,
        gains.balance_co2_t
    from ledger
    inner join gains
        on
            ledger.park_id = gains.park_id
            and ledger.year = gains.year
            and ledger.method = gains.method
            and ledger.electricity_view = gains.electricity_view
            and ledger.entry = gains.entry
            and ledger.enterprise_id = gains.enterprise_id
    where
        ledger.quantity <> 0
        and (ledger.entry <> 'process' or ledger.value_status = 'carbon_balance')
    union all
    select
        *,
        value_status as cause,
        cast(null as double) as balance_co2_t
    from ledger
    where value_status in ('no_factor', 'unit_mismatch')

),

final as (

    select
        park_id,
        year,
        method,
        electricity_view,
        cause,
        entry,
        enterprise_id,
        line_item,
        line_detail,
        gas,
        sign,
        quantity,
        unit,
        co2_t,
        balance_co2_t,
        value_status,
        origin,
        source_id
    from united

)

select * from final
order by
    park_id, year, method, electricity_view, cause, entry, enterprise_id, line_item, line_detail,
    gas, sign, value_status
