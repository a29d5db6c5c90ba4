{{ stage_energy_table('energy_yearbook_net_electricity_import') }}
