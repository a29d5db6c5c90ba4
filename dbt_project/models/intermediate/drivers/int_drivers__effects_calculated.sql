{% set intensity = ['energy_intensity_start', 'energy_intensity_end'] %}

-- In the order of the names the logarithms of the factors add.
{{ lmdi_wide(
    ref('int_drivers__factors_paired'),
    ['entity', 'method', 'price_basis', 'year_from', 'year_to'],
    [
        ['activity', 'activity_start_10k_cny', 'activity_end_10k_cny', 'has_activity'],
        ['emission_factor', 'emission_factor_start', 'emission_factor_end', 'true'],
        ['energy'] + intensity + ['not has_activity'],
        ['energy_intensity'] + intensity + ['has_activity'],
        ['energy_mix', 'energy_mix_start', 'energy_mix_end', 'true'],
        ['fuel_mix', 'fuel_mix_start', 'fuel_mix_end', 'true'],
        ['structure', 'structure_start', 'structure_end', 'has_structure'],
    ],
) }}
