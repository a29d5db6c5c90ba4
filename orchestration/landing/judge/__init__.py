"""What is wrong with a value: the rules, and what people decided about single values."""
