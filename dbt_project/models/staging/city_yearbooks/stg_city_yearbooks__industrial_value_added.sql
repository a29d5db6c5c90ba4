{{ stage_economy_table('city_yearbooks_industrial_value_added') }}
