{#
  Products that nobody returned: their quantity has no upper bound. Reads lines, members, last_years,
  accounts, units and required.
#}
{% macro gaps_of_products() -%}
with products_returned as (

    select distinct
        park_id,
        year,
        method,
        enterprise_id
    from lines
    where entry = 'process'

)

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
{%- endmacro %}
