-- In the order of the names the logarithms of the factors add.
{{ lmdi_wide(
    ref('int_drivers__factors_paired'),
    ['entity', 'method', 'price_basis', 'year_from', 'year_to'],
    [
        ('activity', 'activity', 'has_activity'),
        ('emission_factor', 'emission_factor', 'true'),
        ('energy', 'energy_intensity', 'not has_activity'),
        ('energy_intensity', 'energy_intensity', 'has_activity'),
        ('energy_mix', 'energy_mix', 'true'),
        ('fuel_mix', 'fuel_mix', 'true'),
        ('structure', 'structure', 'has_structure'),
    ],
) }}
