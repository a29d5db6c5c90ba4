{{ config(materialized='view') }}

{{ one_level(
    ref('region_year'), 'prefecture', default_method=true
) }}
