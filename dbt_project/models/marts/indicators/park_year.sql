{{ config(materialized='view') }}

{{ one_level(
    ref('park_year_by_method'), default_method=true, condition='not is_within_park'
) }}
