{{ config(materialized='view') }}

{{ one_level(
    ref('region_growth'), 'province'
) }}
