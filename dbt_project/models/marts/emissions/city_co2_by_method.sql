{{ config(materialized='view') }}

{{ one_level(
    ref('region_co2'), 'prefecture',
    expressions={
        'scope1_co2_t': of_scope('1', 'co2_t'),
        'scope2_co2_t': of_scope('2', 'co2_t'),
    }
) }}
