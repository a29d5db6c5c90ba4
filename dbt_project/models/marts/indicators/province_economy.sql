{{ config(materialized='view') }}

{{ economy_of_level('province') }}
