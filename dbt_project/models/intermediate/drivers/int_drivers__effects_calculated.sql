{{ lmdi(
    ref('int_drivers__factors_paired'),
    ['entity', 'method', 'price_basis', 'year_from', 'year_to'],
) }}
