{{ stage_economy_table('provincial_bulletins_gdp_index', 'value', with_unit=true) }}
