{{ co2_of_account('territorial', with_split=true) }}
