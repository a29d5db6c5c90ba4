"""Building aside, publishing by one atomic swap, and reading what is published."""
