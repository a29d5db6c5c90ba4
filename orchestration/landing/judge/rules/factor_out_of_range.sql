-- Energy that is not what its quantity can give: a coefficient off by a power of ten.
{% set fuel, unit = subject.column_of('fuels'), subject.column_of('unit_labels') %}
{% for limit in catalogue('catalog/dataset_energy_limits.csv') %}
{{ 'union all' if not loop.first }}
select
    row_id,
    '{{ limit.energy_column }}' as column_name,
    {{ limit.energy_column }} || ' tce of ' || {{ limit.quantity_column }} || ' ' || {{ unit }}
        || ' ' || {{ fuel }} || ' is ' || round(energy / quantity, 6) || ' tce per ' || kept_in
        || ', known are ' || smallest || ' to ' || largest as detail,
    {{ limit.quantity_column }} || ' ' || {{ unit }} || ' ' || fuel_zh({{ fuel }}) || ' 折 '
        || {{ limit.energy_column }} || ' tce，即每 ' || kept_in || ' '
        || round(energy / quantity, 6) || ' tce，已知为 ' || smallest || ' 至 ' || largest
        as detail_zh
from (
    select
        printed.*,
        units.unit as kept_in,
        known.smallest,
        known.largest,
        printed.{{ limit.energy_column }}::double as energy,
        printed.{{ limit.quantity_column }}::double * units.to_unit_factor as quantity
    from {{ rows }} as printed
    inner join units on printed.{{ unit }} = units.unit_label
    inner join (
        select
            fuel_code,
            min(tce_per_unit_min::double) as smallest,
            max(tce_per_unit_max::double) as largest
        from reference('factors/tce_factors.csv')
        group by fuel_code
    ) as known on printed.{{ fuel }} = known.fuel_code
)
where
    quantity > 0
    and energy not between smallest / threshold('{{ limit.maximum_threshold_id }}') * quantity
    and largest * threshold('{{ limit.maximum_threshold_id }}') * quantity
{% endfor %}
