{#
  What is made of reconstructed returns is off by the assumed error. Reads lines and settings.
#}
{% macro gaps_of_estimates() -%}
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
{%- endmacro %}
