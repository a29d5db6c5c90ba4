-- Every quantity of the energy returns as a row of its own, by year, in the unit of the fuel. A
-- blank has no row: nothing is taken for zero.
{% set flows = {
    'purchase': 'purchase_quantity',
    'consumption': 'consumption_quantity',
    'feedstock': 'feedstock_quantity',
    'transformation_input': 'transformation_input_quantity',
    'power_input': 'power_input_quantity',
    'heat_input': 'heat_input_quantity',
    'transformation_output': 'transformation_output_quantity',
    'recovered': 'recovered_quantity',
    'sales': 'sales_quantity',
} %}

with returns as (

    select * from {{ ref('int_park__returns_latest') }}

),

units as (

    select * from {{ ref('int_park__units') }}

),

unit_labels as (

    select * from {{ ref('unit_labels') }}

),

tce_coefficients as (

    select * from {{ ref('tce_coefficients') }}
    where tce_set = '{{ var("tce_set") }}'

),

long as (

    {% for flow, column in flows.items() %}
        select
            park_id,
            enterprise_id,
            year,
            fuel_code,
            unit as unit_label,
            '{{ flow }}' as flow,
            {{ column }} as printed_quantity,
            origin,
            source_id,
            vintage
        from returns
        where {{ column }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

years as (

    select
        long.park_id,
        long.enterprise_id,
        long.year,
        long.fuel_code,
        long.flow,
        unit_labels.unit,
        sum(long.printed_quantity * unit_labels.to_unit_factor) as quantity,
        max({{ origin_rank('long.origin') }}) as origin_rank,
        min(long.source_id) as source_id,
        max(long.vintage) as vintage
    from long
    inner join unit_labels on long.unit_label = unit_labels.unit_label
    group by
        long.park_id, long.enterprise_id, long.year, long.fuel_code, long.flow, unit_labels.unit

),

final as (

    select
        years.park_id,
        years.enterprise_id,
        years.year,
        years.fuel_code,
        years.flow,
        units.industry_code,
        units.is_aggregate,
        units.narrowest_boundary,
        years.unit,
        years.quantity,
        years.quantity * tce_coefficients.tce_per_unit as energy_tce,
        years.quantity * tce_coefficients.tce_per_unit * {{ constant('gj_per_tce') }} as energy_gj,
        greatest(years.origin_rank, units.origin_rank) as origin_rank,
        years.source_id,
        years.vintage
    from years
    inner join units
        on years.park_id = units.park_id and years.enterprise_id = units.enterprise_id
    left join tce_coefficients on years.fuel_code = tce_coefficients.fuel_code

)

select * from final
-- What is summed from it adds in this order in every run.
order by park_id, enterprise_id, year, fuel_code, flow
