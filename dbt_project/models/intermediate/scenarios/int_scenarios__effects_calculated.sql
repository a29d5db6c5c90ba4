{{ lmdi(
    ref('int_scenarios__factors_paired'),
    ['compared_with', 'scenario', 'region_code', 'method', 'year'],
) }}
