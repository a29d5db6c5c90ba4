{{ config(materialized='view') }}

{{ one_level(
    ref('industrial_co2'), 'prefecture', default_method=true,
    expressions={
        'above_size_co2_t': 'co2_t',
        'above_size_co2e_t': 'co2e_t',
    }
) }}
