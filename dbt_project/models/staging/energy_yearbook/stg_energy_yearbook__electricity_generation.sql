{{ stage_energy_table('energy_yearbook_electricity_generation') }}
