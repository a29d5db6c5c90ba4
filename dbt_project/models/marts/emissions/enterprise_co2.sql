{{ config(materialized='view') }}

{{ one_level(
    ref('enterprise_co2_by_method'), default_method=true, condition='not is_within_park'
) }}
