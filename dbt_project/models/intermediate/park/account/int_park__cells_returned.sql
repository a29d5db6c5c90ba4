-- Every quantity of the energy returns as a row of its own, in the unit of the fuel: one cell of a
-- form. A blank has no row: nothing is taken for zero.
{% set flows = ['purchase', 'consumption', 'feedstock', 'transformation_input', 'power_input',
    'heat_input', 'transformation_output', 'recovered', 'sales', 'bunker'] %}

with returns as (

    select * from {{ ref('int_park__returns_latest') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

long as (

    {% for flow in flows %}
        select
            dataset,
            park_id,
            enterprise_id,
            year,
            month,
            fuel_code,
            coal_kind,
            '{{ flow }}' as flow,
            '{{ flow }}_quantity' as column_name,
            {{ flow }}_text as value_text,
            {{ flow }}_quantity as printed_quantity,
            unit as unit_label,
            origin,
            source_id,
            vintage,
            _load_id,
            _file_name,
            _sheet_name,
            _row_number
        from returns
        where {{ flow }}_quantity is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        long.dataset,
        long.park_id,
        long.enterprise_id,
        long.year,
        long.month,
        long.fuel_code,
        long.coal_kind,
        long.flow,
        long.column_name,
        long.value_text,
        long.unit_label,
        unit_labels.unit,
        unit_labels.to_unit_factor,
        long.printed_quantity * unit_labels.to_unit_factor as quantity,
        long.origin,
        long.source_id,
        long.vintage,
        long._load_id,
        long._file_name,
        long._sheet_name,
        long._row_number
    from long
    inner join unit_labels on long.unit_label = unit_labels.unit_label

)

select * from final
-- What is summed from it adds in this order in every run.
order by
    park_id, enterprise_id, year, fuel_code, coal_kind, flow, month, _file_name,
    _sheet_name, _row_number
