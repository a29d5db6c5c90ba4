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

    select * from {{ ref('stg_park_returns__enterprise_energy') }}
    where {{ is_known_vintage('vintage') }}

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

-- The newest return of an enterprise and year replaces the older one as a whole; a figure of the
-- whole year goes before the months.
latest as (

    select
        *,
        dense_rank() over (
            partition by park_id, enterprise_id, year
            order by vintage desc
        ) as edition_rank,
        dense_rank() over (
            partition by park_id, enterprise_id, year, fuel_code, vintage
            order by case when month is null then 0 else 1 end
        ) as period_rank
    from returns

),

long as (

    {% for flow, column in flows.items() %}
        select
            park_id,
            enterprise_id,
            year,
            month,
            fuel_code,
            unit as unit_label,
            '{{ flow }}' as flow,
            {{ column }} as printed_quantity,
            origin,
            source_id,
            vintage
        from latest
        where edition_rank = 1 and period_rank = 1 and {{ column }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Months are added in their order: a rerun gives the same last digit.
years as (

    select
        long.park_id,
        long.enterprise_id,
        long.year,
        long.fuel_code,
        long.flow,
        unit_labels.unit,
        long.origin,
        long.source_id,
        long.vintage,
        sum(long.printed_quantity * unit_labels.to_unit_factor) over (
            partition by long.park_id, long.enterprise_id, long.year, long.fuel_code, long.flow
            order by long.month nulls first
            rows between unbounded preceding and unbounded following
        ) as quantity,
        row_number() over (
            partition by long.park_id, long.enterprise_id, long.year, long.fuel_code, long.flow
            order by long.month nulls first
        ) as month_rank
    from long
    inner join unit_labels on long.unit_label = unit_labels.unit_label

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
        greatest({{ origin_rank('years.origin') }}, units.origin_rank) as origin_rank,
        years.source_id,
        years.vintage
    from years
    inner join units
        on years.park_id = units.park_id and years.enterprise_id = units.enterprise_id
    left join tce_coefficients on years.fuel_code = tce_coefficients.fuel_code
    where years.month_rank = 1

)

select * from final
