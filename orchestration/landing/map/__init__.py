"""What printed labels, units and marks mean: text becomes codes."""
