{#
  The counted CO2 lines of every account, each in standard coal too. Reads the CTEs ledger, accounts,
  methods, tce_coefficients, heat_coefficients and sources of the model that calls it.
#}
{% macro lines_in_standard_coal() -%}
{% set by_account = ['park_id', 'year', 'method'] %}
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
{%- endmacro %}
