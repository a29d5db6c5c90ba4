{{ stage_economy_table('china_yearbook_gdp') }}
