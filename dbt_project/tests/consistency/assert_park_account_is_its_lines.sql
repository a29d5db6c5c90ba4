-- The net of a park's account is the sum of the lines that count, by every method and view.
{{ config(meta={'dagster': {'ref': {'name': 'park_carbon_account'}}}) }}

with lines as (

    select
        park_id,
        year,
        method,
        electricity_view,
        sum(case when is_counted then sign * quantity * gas_t_per_quantity * gwp100 end)
            as lines_co2e_t,
        sum(abs(co2e_t)) as scale_co2e_t
    from {{ ref('park_carbon_ledger') }}
    group by park_id, year, method, electricity_view

),

accounts as (

    select * from {{ ref('park_carbon_account') }}
    where refusal is null

),

final as (

    select
        accounts.*,
        lines.lines_co2e_t
    from accounts
    left join lines
        on
            accounts.park_id = lines.park_id
            and accounts.year = lines.year
            and accounts.method = lines.method
            and accounts.electricity_view = lines.electricity_view
    where
        lines.park_id is null
        or not {{ is_equal('accounts.net_co2e_t', 'lines.lines_co2e_t', 'lines.scale_co2e_t') }}

)

select * from final
