{{ stage_energy_table('provincial_yearbooks_standard_balance') }}
