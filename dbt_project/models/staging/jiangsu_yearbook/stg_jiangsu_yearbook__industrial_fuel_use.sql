{{ stage_energy_table('jiangsu_yearbook_industrial_fuel_use') }}
