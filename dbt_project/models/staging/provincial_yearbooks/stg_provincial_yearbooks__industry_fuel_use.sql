{{ stage_energy_table('provincial_yearbooks_industry_fuel_use') }}
