{{ stage_economy_table('city_yearbooks_city_gdp_index', 'value', with_unit=true) }}
