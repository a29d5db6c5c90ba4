{{ co2_of_account('industrial') }}
