-- Every number of the yearly returns whose row was returned more than once, one below the other.
{% set forms = {
    'enterprise_energy': {
        'keys': ['park_id', 'enterprise_id', 'month', 'fuel_code'],
        'numbers': [
            'stock_start_quantity', 'purchase_quantity', 'consumption_quantity',
            'non_industrial_quantity', 'feedstock_quantity', 'transport_quantity',
            'transformation_input_quantity', 'power_input_quantity', 'heat_input_quantity',
            'transformation_output_quantity', 'recovered_quantity', 'sales_quantity',
            'stock_end_quantity', 'energy_tce',
        ],
    },
    'park_facts': {
        'keys': ['park_id', 'boundary'],
        'numbers': [
            'gdp_10k_cny', 'gdp_real_growth_rate', 'industrial_value_added_10k_cny',
            'industrial_value_added_real_growth_rate', 'industrial_output_10k_cny',
            'two_high_output_10k_cny', 'energy_tce', 'coal_t', 'coal_tce', 'coke_t',
            'natural_gas_m3', 'electricity_mwh', 'green_electricity_mwh', 'heat_gj', 'co2_t',
            'employees',
        ],
    },
    'pollutants': {
        'keys': ['park_id', 'boundary', 'pollutant'],
        'numbers': ['emission_t'],
    },
    'water': {
        'keys': ['park_id', 'boundary'],
        'numbers': [
            'fresh_water_m3', 'industrial_fresh_water_m3', 'reused_water_m3',
            'reclaimed_water_m3', 'wastewater_m3',
        ],
    },
    'land': {
        'keys': ['park_id'],
        'numbers': [
            'total_area_ha', 'supplied_area_ha', 'built_area_ha', 'industrial_area_ha',
            'idle_area_ha', 'green_area_ha', 'industrial_available_area_ha',
        ],
    },
    'energy_exchange': {
        'keys': ['park_id', 'enterprise_id', 'month', 'carrier', 'direction', 'counterpart'],
        'numbers': ['quantity', 'renewable_share', 'co2_t_per_mwh', 'co2_t_per_gj'],
    },
    'sinks': {
        'keys': ['park_id', 'sink_kind'],
        'numbers': ['co2_t', 'area_ha'],
    },
    'allowances': {
        'keys': ['park_id', 'enterprise_id', 'allowance_kind'],
        'numbers': ['quantity_t', 'quantity_mwh'],
    },
    'measured_factors': {
        'keys': ['park_id', 'enterprise_id', 'fuel_code'],
        'numbers': ['unit_heat_gj', 'carbon_content_tc_per_gj', 'oxidation_rate'],
    },
    'frozen_accounts': {
        'keys': ['park_id', 'method'],
        'numbers': ['frozen_co2_t'],
    },
} %}
{% set with_unit_column = ['enterprise_energy', 'energy_exchange'] %}

with dataset_columns as (

    select * from {{ ref('dataset_columns') }}

),

{% for form, columns in forms.items() %}
    {{ form }} as (

        select
            *,
            {{ row_key(columns['keys']) }} as row_key,
            min(vintage) over edition as first_vintage,
            max(vintage) over edition as last_vintage
        from {{ ref('stg_park_returns__' ~ form) }}
        where {{ is_known_vintage('vintage') }}
        window edition as (partition by year, {{ columns['keys'] | join(', ') }})

    ),

{% endfor %}

united as (

    {% for form, columns in forms.items() %}
        {% set last_form = loop.last %}
        {% for column in columns['numbers'] %}
            select
                'park_returns_{{ form }}' as dataset,
                row_key,
                '{{ column }}' as column_name,
                year,
                vintage,
                cast({{ column }} as double) as value,
                {{ 'unit' if form in with_unit_column else 'null' }} as unit,
                source_id
            from {{ form }}
            where first_vintage < last_vintage
            {% if not (loop.last and last_form) %}union all{% endif %}
        {% endfor %}
    {% endfor %}

),

final as (

    select
        united.dataset,
        united.row_key || united.column_name as series_key,
        united.year,
        united.vintage,
        united.value,
        coalesce(dataset_columns.unit, united.unit) as unit,
        united.source_id
    from united
    left join dataset_columns
        on
            united.dataset = dataset_columns.dataset
            and united.column_name = dataset_columns.column_name
    where united.value is not null

)

select * from final
