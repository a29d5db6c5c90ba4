{{ config(materialized='view') }}

{{ one_level(
    ref('region_balance'), 'prefecture',
    condition="fuel_code = 'energy_total'"
) }}
