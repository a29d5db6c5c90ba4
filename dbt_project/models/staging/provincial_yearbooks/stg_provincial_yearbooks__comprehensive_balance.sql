{{ stage_energy_table('provincial_yearbooks_comprehensive_balance') }}
