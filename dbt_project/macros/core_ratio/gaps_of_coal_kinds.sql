{#
  Ends of coal whose kind was not said: the kind that emits least and the one that emits most. Reads
  lines, fuel_factors and unit_labels.
#}
{% macro gaps_of_coal_kinds() -%}
with -- Least and most CO2 of the kinds of a fuel.
kinds as (

    select
        fuel_factors.method,
        fuel_factors.fuel_code,
        fuel_factors.year_from,
        fuel_factors.year_to,
        fuel_factors.ncv_gj_per_unit / unit_labels.to_unit_factor
        * fuel_factors.carbon_content_tc_per_gj * fuel_factors.oxidation_rate
        * {{ constant('co2_per_carbon') }} as gas_t_per_quantity
    from fuel_factors
    inner join unit_labels on fuel_factors.unit = unit_labels.unit_label
    where fuel_factors.coal_kind is not null

),

coal_kinds as (

    select
        lines.park_id,
        lines.year,
        lines.method,
        lines.enterprise_id,
        lines.line_item,
        lines.quantity,
        lines.gas_t_per_quantity,
        min(kinds.gas_t_per_quantity) as least_t_per_quantity,
        max(kinds.gas_t_per_quantity) as most_t_per_quantity
    from lines
    inner join kinds
        on
            lines.method = kinds.method
            and lines.line_item = kinds.fuel_code
            and lines.year >= kinds.year_from
            and lines.year <= kinds.year_to
    where
        lines.value_status = 'assumed_coal_kind'
        and lines.entry = 'combustion'
        and lines.quantity > 0
    group by
        lines.park_id, lines.year, lines.method, lines.enterprise_id, lines.line_item,
        lines.quantity, lines.gas_t_per_quantity

)

select
    park_id,
    year,
    method,
    'park_returns_enterprise_energy' as dataset,
    'coal_kind' as column_name,
    'fuel' as carrier_kind,
    cast(null as {{ type_name('varchar') }}) as industry_code,
    enterprise_id,
    line_item,
    'missing' as status,
    sum(quantity * (least_t_per_quantity - gas_t_per_quantity)) as low_co2_t,
    sum(quantity * (most_t_per_quantity - gas_t_per_quantity)) as high_co2_t,
    0e0 as low_energy_tce,
    0e0 as high_energy_tce
from coal_kinds
group by park_id, year, method, enterprise_id, line_item
{%- endmacro %}
