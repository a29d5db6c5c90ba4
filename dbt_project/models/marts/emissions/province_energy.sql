{{ config(materialized='view') }}

{{ energy_of_level('province') }}
