{{ config(materialized='view') }}

{{ one_level(
    ref('industry_co2'), 'province',
    expressions={
        'scope1_co2_t': of_scope('1', 'co2_t'),
        'scope2_co2_t': of_scope('2', 'co2_t'),
        'scope1_co2e_t': of_scope('1', 'co2e_t'),
        'scope2_co2e_t': of_scope('2', 'co2e_t'),
    }
) }}
