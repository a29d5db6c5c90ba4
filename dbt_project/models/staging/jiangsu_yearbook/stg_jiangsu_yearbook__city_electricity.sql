{{ stage_energy_table('jiangsu_yearbook_city_electricity') }}
