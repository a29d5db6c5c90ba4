{{ stage_energy_table('provincial_yearbooks_city_electricity') }}
