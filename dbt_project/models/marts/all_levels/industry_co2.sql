{{ co2_of_account('end_use', with_split=true) }}
