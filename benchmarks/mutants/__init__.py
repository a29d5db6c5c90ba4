"""Single random changes of what the numbers are made of, and which gate catches each."""
