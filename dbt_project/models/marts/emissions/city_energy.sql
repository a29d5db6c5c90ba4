{{ config(materialized='view') }}

{{ energy_of_level(ref('region_energy'), 'prefecture') }}
