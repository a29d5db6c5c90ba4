{#
  What a unit of power and heat from outside emits and is in standard coal. Reads accounts, methods,
  view_factors, heat_factors and heat_coefficients.
#}
{% macro carriers_from_outside() -%}
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
{%- endmacro %}
