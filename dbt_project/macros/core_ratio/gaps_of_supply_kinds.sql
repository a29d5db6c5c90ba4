{#
  Ends of power and heat that say no kind (non-fossil or not), and of what is covered without a
  certificate (power of the grid or not). Reads lines and carriers.
#}
{% macro gaps_of_supply_kinds() -%}
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
{%- endmacro %}
