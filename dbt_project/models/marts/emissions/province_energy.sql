{{ config(materialized='view') }}

{{ energy_of_level(ref('region_energy'), 'province') }}
