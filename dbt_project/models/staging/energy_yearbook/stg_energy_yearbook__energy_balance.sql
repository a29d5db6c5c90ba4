{{ stage_energy_table('energy_yearbook_energy_balance') }}
