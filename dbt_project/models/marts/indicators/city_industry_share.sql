{{ config(materialized='view') }}

{{ industry_shares_of_level('prefecture') }}
