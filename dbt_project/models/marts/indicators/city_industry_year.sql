{{ config(materialized='view') }}

{{ one_level(
    ref('region_industry_year'), 'prefecture', default_method=true
) }}
