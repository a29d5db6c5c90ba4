{{ config(materialized='view') }}

{%- set recovered = 'fuel_code in (select fuels.fuel_code from '
    ~ published(ref('fuels')) ~ ' as fuels where fuels.is_recovered)' -%}

{{ one_level(
    ref('region_energy'), 'prefecture',
    expressions={
        'energy_tce': 'case when not ' ~ recovered ~ ' then energy_tce end',
        'recovered_energy_tce': 'case when ' ~ recovered ~ ' then energy_tce end',
    },
    condition="is_latest_vintage and balance_item = 'total_consumption'"
) }}
