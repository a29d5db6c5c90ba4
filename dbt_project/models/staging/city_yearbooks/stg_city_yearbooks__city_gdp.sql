{{ stage_economy_table('city_yearbooks_city_gdp') }}
