{{ config(materialized='view') }}

{{ one_level(
    ref('region_year'), 'province'
) }}
