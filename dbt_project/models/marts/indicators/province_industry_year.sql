{{ config(materialized='view') }}

{{ one_level(
    ref('region_industry_year'), 'province', default_method=true
) }}
