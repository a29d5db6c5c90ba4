{{ config(materialized='view') }}

{{ one_level(
    ref('park_co2_by_method'), default_method=true, condition='not is_within_park',
    expressions={
        'scope1_co2_t': of_scope('1', 'co2_t'),
        'scope2_co2_t': of_scope('2', 'co2_t'),
    }
) }}
