"""The cheapest way of a park to its bound, from the published version: what needs a solver."""
