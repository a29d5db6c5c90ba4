{{ config(materialized='view') }}

{{ one_level(
    ref('region_balance'), 'province',
    condition="fuel_code <> 'energy_total'"
) }}
