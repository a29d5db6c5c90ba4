{{ config(materialized='view') }}

{%- set years = published(ref('park_year_by_method')) -%}

{{ one_level(
    ref('park_year_by_method'), default_method=true,
    condition='(park_id, year) in (select latest.park_id, max(latest.year) from '
        ~ years ~ ' as latest group by latest.park_id)'
) }}
