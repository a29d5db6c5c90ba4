{{ stage_energy_table('provincial_yearbooks_fuel_balance') }}
