{{ config(materialized='view') }}

{{ electricity_of_level('province') }}
