{{ config(materialized='view') }}

{{ one_level(
    ref('region_co2_views'), 'province', default_method=true,
    expressions={
        'production_co2_t': "case when view_name = 'production' then co2_t end",
        'use_co2_t': "case when view_name = 'use' then co2_t end",
    }
) }}
