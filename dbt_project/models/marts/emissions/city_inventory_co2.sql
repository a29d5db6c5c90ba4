{{ config(materialized='view') }}

{{ inventories_of_cities() }}
