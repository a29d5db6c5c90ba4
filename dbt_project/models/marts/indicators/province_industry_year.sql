{{ config(materialized='view') }}

{{ one_level(
    ref('region_industry_year'), 'province', default_method=true,
    expressions={
        'direct_and_purchased_co2_t': 'co2_t',
        'industrial_energy_tce': 'energy_tce',
    }
) }}
