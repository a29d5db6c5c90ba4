{{ stage_energy_table('city_yearbooks_city_energy') }}
